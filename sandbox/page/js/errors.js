/** Says in words what went wrong, where the sandbox gives Slack's short names of errors. */

const WORDS = {
  operation_timeout: "The app did not answer within 3 seconds. Try again.",
  dispatch_failed: "The app is not connected, so nobody heard this.",
  http_error: "The app answered with an error.",
  missing: "Please fill in what is missing.",
  not_found: "This form is no longer open.",
  message_not_found: "This message is no longer here.",
  unknown_action: "This button is no longer part of the message.",
  thread_not_found: "The message this thread hangs on is no longer here.",
  channel_not_found: "This channel is not open to this person.",
  not_in_channel: "Only members of the channel can do this.",
  is_archived: "This channel is archived.",
  no_text: "An empty message cannot be sent.",
  cant_update_message: "Only one's own messages can be changed.",
  cant_delete_message: "Only one's own messages can be deleted.",
  already_reacted: "This reaction is already there.",
  no_reaction: "This reaction is already gone.",
};

/** The words for an answer's error, or for its short name when none are known. */
export function errorWords(error, otherwise = "The app did not answer. Try again.") {
  if (!error) return otherwise;
  const command = String(error).match(/^(\/\S+) failed with the error (\w+)$/);
  if (command) return `${command[1]}: ${errorWords(command[2])} (${command[2]})`;
  if (WORDS[error]) return WORDS[error];
  return /^[a-z_]+$/.test(error) ? `It did not work: ${error.replace(/_/g, " ")}.` : error;
}
