"""Which way a metric gets better is configured, certain, or unknown."""

import pytest

from bot.judge.direction import GREATER_TAG, PRIMARY_TAG, Direction, better, by_name, informed
from bot.judge.names import HIGHER, JUDGED, LOWER, ONLY_HELD_OUT
from bot.settings import ExperimentSettings, MetricSettings

RULES = ExperimentSettings(
    metrics={"spread": MetricSettings(better="lower"), "loss": MetricSettings(better="higher")}
)

# What each library writes to MLflow, by direction. Names with spaces are written with ~ in their place.
WRITTEN: dict[str, dict[str | None, str]] = {
    "scikit-learn: autologging": {
        "higher": """
            best_cv_score mean_test_score split0_test_score split4_test_score accuracy_score_X_test
            accuracy_score_unknown_dataset f1_score_X_val r2_score_X_valid roc_auc_score-2_X_test
            balanced_accuracy_score_x_test RandomForestClassifier_score_X_test Pipeline_score_unknown_dataset
            LogisticRegression_score-2_X_val GridSearchCV_score_Xv silhouette_score_X_test""",
        "lower": """
            log_loss_X_test mean_squared_error_X_test mean_absolute_error-3_X_val max_error_unknown_dataset
            davies_bouldin_score_X_test brier_score_loss_X_holdout""",
        None: """
            training_accuracy_score training_f1_score training_precision_score training_recall_score
            training_log_loss training_roc_auc training_score training_mean_squared_error
            training_root_mean_squared_error training_r2_score LogisticRegression_score_X_train
            accuracy_score_X_train accuracy_score_std std_test_score rank_test_score mean_fit_time
            mean_score_time std_fit_time""",
    },
    "scikit-learn: cross_validate, classification_report and by hand": {
        "higher": """
            test_accuracy test_f1_macro test_f1_weighted test_roc_auc test_roc_auc_ovr cv_accuracy_mean
            neg_mean_squared_error test_neg_log_loss test_neg_root_mean_squared_error macro~avg/f1-score
            weighted~avg/precision 1/recall 0/f1-score fold_3/val_auc auc_fold_2 oof_auc
            test_matthews_corrcoef test_cohen_kappa_score explained_variance_score top_5_accuracy""",
        "lower": """
            test_mean_absolute_percentage_error test_median_absolute_error rmse_fold_1 oof_rmse
            mean_pinball_loss mean_poisson_deviance""",
        None: "test_score fit_time score_time macro~avg/support 1/support inertia n_features score threshold",
    },
    "XGBoost": {
        "higher": """
            validation_0-auc validation_1-aucpr valid-auc eval-ndcg eval-ndcg_at_5 test-map_at_10 valid-pre_at_3
            test-auc-mean validation_0-interval-regression-accuracy""",
        "lower": """
            validation_0-logloss validation_0-rmse eval-rmse test-mlogloss validation_0-error validation_0-merror
            validation_0-error_at_0.7 eval-mae valid-mape validation_0-rmsle eval-poisson-nloglik
            eval-tweedie-nloglik_at_1.5 eval-gamma-deviance valid-mphe test-logloss-mean""",
        None: "train-logloss train-auc train-rmse-mean test-auc-std best_iteration stopped_iteration",
    },
    "LightGBM": {
        "higher": """
            valid_0-auc valid_1-average_precision valid_0-ndcg_at_5 valid_0-map valid_0-auc_mu valid~auc-mean""",
        "lower": """
            valid_0-binary_logloss valid_0-multi_logloss valid_0-binary_error valid_0-multi_error valid_0-l1
            valid_0-l2 valid_0-rmse valid_0-huber valid_0-quantile valid_0-poisson valid_0-tweedie
            valid_0-cross_entropy valid_0-kullback_leibler valid~l2-mean""",
        None: "training-auc training-l2 training-binary_logloss train-auc valid~l2-stdv l1 l2 gamma",
    },
    "Keras": {
        "higher": """
            accuracy val_accuracy val_auc val_auc_1 val_precision val_recall_1 val_binary_accuracy
            val_sparse_categorical_accuracy val_top_k_categorical_accuracy validation_accuracy val_mean_io_u
            val_f1_score""",
        "lower": """
            loss val_loss validation_loss val_mae val_mean_absolute_error val_mean_squared_logarithmic_error
            val_binary_crossentropy val_hinge val_logcosh val_kullback_leibler_divergence""",
        None: "epoch lr learning_rate stopped_epoch restored_epoch val_true_positives val_dense_2",
    },
    "PyTorch Lightning and torchmetrics": {
        "higher": """
            val_acc val_acc_epoch valid/f1 val/AUROC test_acc val_BinaryAccuracy val_MulticlassF1Score val_iou
            val/map_50 val/mar_100 val_psnr val/ssim test_rougeL_fmeasure val_acc/dataloader_idx_0
            best_val_acc val_dice""",
        "lower": """
            val_loss_epoch val_loss_step val/loss test_loss_epoch best_val_loss val_loss/dataloader_idx_1
            val/box_loss val_lpips val_fid test/perplexity val_ce_loss""",
        None: """
            train_loss train_loss_step train/acc_epoch train_acc lr-Adam grad_norm val_kl_weight
            best_val_loss_epoch loss_scale""",
    },
    "transformers, evaluate and Ultralytics": {
        "higher": """
            eval_accuracy eval_f1 eval_exact_match eval_matthews_correlation eval_pearson eval_spearmanr
            eval_rouge1 eval_rougeLsum eval_bleu eval_sacrebleu eval_meteor test_accuracy
            eval_mean_token_accuracy eval_overall_f1 predict_rouge2 metrics/mAP50B metrics/mAP50-95B
            metrics/precisionB metrics/recallM pass_at_1""",
        "lower": """
            eval_loss test_loss predict_loss perplexity eval_perplexity eval_wer eval_cer eval_ter
            val/cls_loss val/dfl_loss bits_per_byte""",
        None: """
            train_runtime train_samples_per_second train_steps_per_second total_flos eval_runtime
            eval_samples_per_second eval_steps_per_second eval_gen_len eval_samples train/box_loss lr/pg0
            rewards/margins""",
    },
    "mlflow.evaluate": {
        "higher": """
            accuracy_score f1_score precision_score recall_score roc_auc precision_recall_auc r2_score val_roc_auc
            exact_match/v1 rouge1/v1/mean rougeLsum/v1/p90 bleu/v1/mean answer_correctness/v1/mean
            answer_relevance/v1/mean faithfulness/v1/mean relevance/v1/mean precision_at_3/mean ndcg_at_5/mean
            eval/recall_at_10/mean""",
        "lower": """
            log_loss mean_absolute_error mean_squared_error root_mean_squared_error max_error
            mean_absolute_percentage_error toxicity/v1/mean toxicity/v1/ratio""",
        None: """
            example_count mean_on_target sum_on_target true_positives false_negatives score latency/variance
            rouge1/v1/variance token_count/mean ari_grade_level/v1/mean toxicity/v1/variance""",
    },
    "mlflow.genai.evaluate": {
        "higher": """
            correctness/mean safety/mean guidelines/mean relevance_to_query/mean retrieval_groundedness/mean
            retrieval_sufficiency/min tool_call_correctness/mean equivalence/mean fluency/p90
            conversation_completeness/mean expectations_guidelines/median""",
        "lower": "hallucination_rate/mean",
        None: "correctness safety correctness/variance response_length/mean my_scorer/mean user_frustration/mean",
    },
    "others, and words that only look alike": {
        "higher": "eval/mean_reward rollout/ep_rew_mean mrr hit_rate_at_10 hits_at_10 c_index win_rate",
        "lower": "eer crps ece test_error wmape",
        None: """
            system/cpu_utilization_percentage system/gpu_0_memory_usage_megabytes system/auc gain_loss weight_loss
            lossless accuracy_gain auc_ratio precision_bits mean_error error mapping recall_time
            policy_loss discriminator_loss step time duration a._ 日本 _ @""",
    },
}
TABLE = [
    (library, name.replace("~", " "), direction)
    for library, written in WRITTEN.items()
    for direction, names in written.items()
    for name in names.split()
]


@pytest.mark.parametrize("library", WRITTEN)
def test_what_libraries_write_has_a_direction_or_none(library: str) -> None:
    mistaken = {
        name: (by_name(name), direction)
        for one, name, direction in TABLE
        if one == library and by_name(name) != direction
    }
    assert not mistaken


def test_the_table_is_long_and_says_each_name_once_a_library() -> None:
    assert len({name for _, name, _ in TABLE}) >= 150
    assert len({(library, name) for library, name, _ in TABLE}) == len(TABLE)


@pytest.mark.parametrize(
    ("metric", "direction"),
    [
        ("spread", "lower"),
        ("loss", "higher"),
        ("val/AUC", "higher"),
        ("RMSE", "lower"),
        ("", None),
        ("system/loss", None),
    ],
)
def test_what_is_configured_comes_before_what_a_name_tells(metric: str, direction: str | None) -> None:
    assert better(metric, RULES) == direction


@pytest.mark.parametrize(
    ("tags", "said", "direction"),
    [
        ({}, {}, None),
        ({PRIMARY_TAG: "wobble", GREATER_TAG: "True"}, {}, "higher"),
        ({PRIMARY_TAG: "wobble", GREATER_TAG: "false"}, {}, "lower"),
        ({PRIMARY_TAG: "wobble", GREATER_TAG: "perhaps"}, {}, None),
        ({PRIMARY_TAG: "wobble"}, {}, None),
        ({PRIMARY_TAG: "other", GREATER_TAG: "True"}, {}, None),
        ({GREATER_TAG: "True"}, {}, None),
        ({}, {"wobble": "lower"}, "lower"),
        ({}, {"other": "lower"}, None),
        ({PRIMARY_TAG: "wobble", GREATER_TAG: "True"}, {"wobble": "lower"}, "higher"),
        ({PRIMARY_TAG: "wobble"}, {"wobble": "lower"}, "lower"),
    ],
)
def test_the_experiment_s_tags_come_before_what_people_said(
    tags: dict[str, str], said: dict[str, Direction], direction: str | None
) -> None:
    assert better("wobble", informed(ExperimentSettings(), tags, said)) == direction


def test_tags_and_people_overrule_a_name_and_nobody_overrules_app_yaml() -> None:
    tags = {PRIMARY_TAG: "auc", GREATER_TAG: "False"}
    rules = informed(RULES, tags, {"rmse": "higher", "loss": "lower", "spread": "higher"})
    assert [better(name, rules) for name in ("auc", "rmse", "loss", "spread", "f1")] == [
        "lower",
        "higher",
        "higher",
        "lower",
        "higher",
    ]


def test_the_primary_metric_is_that_of_app_yaml_else_of_the_tags() -> None:
    tags = {PRIMARY_TAG: "auc", GREATER_TAG: "True"}
    assert informed(ExperimentSettings(), tags, {}).primary == "auc"
    assert informed(ExperimentSettings(primary="loss"), tags, {}).primary == "loss"
    assert informed(RULES, tags, {}).metrics == RULES.metrics
    assert informed(RULES, {}, {}) is RULES


def test_no_name_is_both() -> None:
    assert not HIGHER & LOWER
    assert not JUDGED & (HIGHER | LOWER)
    assert not ONLY_HELD_OUT & (HIGHER | LOWER | JUDGED)
