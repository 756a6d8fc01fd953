/** Knows the short codes people and bots use most; any other stays visible as :name:. */

const TABLE = `
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 eyes 👀 tada 🎉 rocket 🚀 fire 🔥 heart ❤️ clap 👏 pray 🙏 wave 👋 muscle 💪 100 💯
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ heavy_multiplication_x ✖️ negative_squared_cross_mark ❎
warning ⚠️ rotating_light 🚨 no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 exclamation ❗ heavy_exclamation_mark ❗ question ❓ grey_question ❔
bangbang ‼️ information_source ℹ️ sos 🆘 new 🆕 ok 🆗 ok_hand 👌 raised_hands 🙌 raised_hand ✋ point_right 👉 point_left 👈
point_up ☝️ point_down 👇 v ✌️ handshake 🤝 writing_hand ✍️ thinking_face 🤔 smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 sweat_smile 😅
slightly_smiling_face 🙂 wink 😉 blush 😊 sunglasses 😎 neutral_face 😐 confused 😕 worried 😟 cry 😢 sob 😭 scream 😱 sleeping 😴
sweat 😓 disappointed 😞 face_with_monocle 🧐 exploding_head 🤯 partying_face 🥳 upside_down_face 🙃 relieved 😌 shrug 🤷 facepalm 🤦
hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ clock1 🕐 clock3 🕒 clock9 🕘 calendar 📆 date 📅 spiral_calendar_pad 🗓️
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 mag 🔍 mag_right 🔎 microscope 🔬 test_tube 🧪 alembic ⚗️ petri_dish 🧫
arrow_up ⬆️ arrow_down ⬇️ arrow_right ➡️ arrow_left ⬅️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_forward ▶️ arrows_counterclockwise 🔄
repeat 🔁 leftwards_arrow_with_hook ↩️ small_red_triangle 🔺 small_red_triangle_down 🔻 double_vertical_bar ⏸️ black_square_for_stop ⏹️
large_green_circle 🟢 large_yellow_circle 🟡 large_orange_circle 🟠 red_circle 🔴 large_blue_circle 🔵 white_circle ⚪ black_circle ⚫
large_green_square 🟩 large_red_square 🟥 large_yellow_square 🟨 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛
star ⭐ star2 🌟 sparkles ✨ trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈 third_place_medal 🥉 dart 🎯 checkered_flag 🏁
triangular_flag_on_post 🚩 pushpin 📌 round_pushpin 📍 paperclip 📎 link 🔗 bookmark 🔖 label 🏷️ memo 📝 pencil 📝 pencil2 ✏️ book 📖 books 📚
notebook 📓 clipboard 📋 page_facing_up 📄 scroll 📜 file_folder 📁 open_file_folder 📂 card_index 📇 package 📦 inbox_tray 📥 outbox_tray 📤
wastebasket 🗑️ broom 🧹 hammer 🔨 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ nut_and_bolt 🔩 key 🔑 lock 🔒 unlock 🔓 bulb 💡 electric_plug 🔌
battery 🔋 computer 💻 desktop_computer 🖥️ floppy_disk 💾 satellite 🛰️ robot_face 🤖 robot 🤖 ghost 👻 skull 💀 bug 🐛 ant 🐜 snail 🐌 turtle 🐢
zap ⚡ boom 💥 snowflake ❄️ droplet 💧 ocean 🌊 seedling 🌱 herb 🌿 evergreen_tree 🌲 sunny ☀️ cloud ☁️ rainbow 🌈 umbrella ☔ thermometer 🌡️
bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 mute 🔇 email ✉️ envelope ✉️ coffee ☕ beer 🍺 cake 🍰 pizza 🍕
construction 🚧 recycle ♻️ crystal_ball 🔮 game_die 🎲 jigsaw 🧩 brain 🧠 abacus 🧮 straight_ruler 📏 triangular_ruler 📐 scales ⚖️ balance_scale ⚖️
newspaper 📰 card_index_dividers 🗂️ file_cabinet 🗄️ hatching_chick 🐣 hourglass_done ⌛ compass 🧭 map 🗺️ camera 📷 eyeglasses 👓 heart_hands 🫶
hundred_points 💯 white_medium_square ◻️ heavy_dollar_sign 💲 infinity ♾️ checkered 🏁 ladder 🪜 rewind ⏪ fast_forward ⏩ pause_button ⏸️
stop_button ⏹️ record_button ⏺️ arrow_heading_up ⤴️ arrow_heading_down ⤵️ wavy_dash 〰️ mantelpiece_clock 🕰️ bookmark_tabs 📑 bell_off 🔕
green_circle 🟢 speaking_head_in_silhouette 🗣️ ear 👂 salute 🫡 melting_face 🫠 saluting_face 🫡 face_with_raised_eyebrow 🤨 hugging_face 🤗
bust_in_silhouette 👤 busts_in_silhouette 👥 baby 👶 crown 👑 money_with_wings 💸 moneybag 💰 gift 🎁 balloon 🎈 heavy_plus_sign ➕
heavy_minus_sign ➖ heart_eyes 😍 zzz 💤 dash 💨 wind_blowing_face 🌬️ see_no_evil 🙈 blue_heart 💙 green_heart 💚 yellow_heart 💛 broken_heart 💔`;

const words = TABLE.trim().split(/\s+/);
const MAP = new Map();
for (let index = 0; index + 1 < words.length; index += 2) MAP.set(words[index], words[index + 1]);

/** The first choices of the reaction picker. */
export const FAVOURITES =
  "+1 -1 eyes tada rocket fire heart clap thinking_face white_check_mark x warning question memo bulb pushpin".split(" ");

/** The character for a short code (skin tones are left out), or null when it is not known here. */
export function emojiFor(name) {
  return MAP.get(String(name).split("::")[0]) ?? null;
}

/** Up to `limit` short codes that hold the typed letters, those that start with them first. */
export function findEmoji(typed, limit = 8) {
  const found = [...MAP.keys()].filter((name) => name.includes(typed));
  found.sort((one, two) => Number(two.startsWith(typed)) - Number(one.startsWith(typed)) || one.length - two.length);
  return found.slice(0, limit);
}
