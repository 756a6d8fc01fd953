"""The metrics whose names tell for certain which way they get better.

What scikit-learn, XGBoost, LightGBM, Keras, torchmetrics, Hugging Face's evaluate and MLflow's evaluations call
them, in small letters, with every separator written as _ and without what stands around a name (a split, an
average): bot/judge/direction.py takes that away. Counts, times and readings of a model's insides are none.
"""


def words(*texts: str) -> frozenset[str]:
    """The words of some texts."""
    return frozenset(word for text in texts for word in text.split())


HIGHER = words(
    # Classification: sklearn.metrics, keras.metrics, torchmetrics.
    """
    accuracy accuracy_score acc balanced_accuracy balanced_accuracy_score bal_acc binary_accuracy
    categorical_accuracy sparse_categorical_accuracy categorical_acc top_k_accuracy top_k_accuracy_score
    top_k_categorical_accuracy sparse_top_k_categorical_accuracy multiclass_accuracy multilabel_accuracy
    subset_accuracy exact_match
    auc auroc aucroc auc_roc roc_auc roc_auc_score auc_score roc_auc_ovr roc_auc_ovo auc_mu pr_auc prauc auprc
    aucpr auc_pr precision_recall_auc average_precision average_precision_score ap binary_auroc multiclass_auroc
    f1 f1_score f1score fscore f_score f_measure fbeta fbeta_score f_beta f2 f2_score f05 f0_5
    binary_f1_score multiclass_f1_score overall_f1 overall_accuracy overall_precision overall_recall
    precision precision_score recall recall_score sensitivity specificity tpr tnr ppv npv true_positive_rate
    true_negative_rate recall_at_precision precision_at_recall sensitivity_at_specificity
    specificity_at_sensitivity
    binaryaccuracy multiclassaccuracy binaryf1score multiclassf1score binaryauroc multiclassauroc
    mcc matthews_corrcoef matthews_correlation cohen_kappa cohen_kappa_score kappa quadratic_weighted_kappa qwk
    jaccard jaccard_score jaccard_index youden_j ks_statistic gini_normalized normalized_gini
    """,
    # Regression, correlation, survival, clustering.
    """
    r2 r2_score r_squared rsquared adjusted_r2 explained_variance explained_variance_score d2_absolute_error_score
    d2_pinball_score d2_tweedie_score d2_log_loss_score d2_brier_score
    pearson pearsonr pearson_r pearson_corrcoef spearman spearmanr spearman_r spearman_corrcoef kendall kendalltau
    kendall_tau concordance_index c_index cindex cosine_similarity interval_regression_accuracy
    silhouette silhouette_score calinski_harabasz_score adjusted_rand_score rand_score adjusted_rand_index
    ari_score
    adjusted_mutual_info_score normalized_mutual_info_score mutual_info_score nmi v_measure_score homogeneity_score
    completeness_score fowlkes_mallows_score
    """,
    # Ranking and retrieval; pre is XGBoost's precision of the first n.
    """
    ndcg ndcg_score dcg_score dcg map mean_average_precision label_ranking_average_precision_score mrr
    mean_reciprocal_rank reciprocal_rank hit_rate hitrate hits_at pre_at
    """,
    # Pictures. Ultralytics ends the names of boxes and masks with B and M.
    """
    iou miou mean_iou mean_io_u binary_io_u one_hot_io_u dice dice_score dice_coef dice_coefficient pixel_accuracy
    map50 map75 map50_95 map50b map50_95b map50m map50_95m precisionb recallb precisionm recallm map_small
    map_medium
    map_large mar mar_small mar_medium mar_large psnr ssim ms_ssim inception_score
    """,
    # Text and speech. rouge1 as Hugging Face and torchmetrics write it.
    """
    bleu bleu_score sacrebleu sacre_bleu chrf chrf_score meteor comet bertscore bert_score bertscore_f1
    bertscore_precision bertscore_recall bleurt rouge1 rouge2 rouge3 rouge4 rougel rougelsum rouge_1 rouge_2
    rouge_l
    rouge_lsum rouge1_fmeasure rouge2_fmeasure rougel_fmeasure rougelsum_fmeasure rouge1_precision rouge2_precision
    rougel_precision rouge1_recall rouge2_recall rougel_recall mean_token_accuracy token_accuracy
    next_token_accuracy
    """,
    # Answers: mlflow.evaluate, mlflow.genai, ragas.
    """
    answer_correctness answer_similarity answer_relevance answer_relevancy faithfulness groundedness
    context_precision context_recall relevance_to_query retrieval_groundedness retrieval_sufficiency
    retrieval_relevance tool_call_correctness pass_at pass_rate win_rate success_rate solve_rate
    """,
    # Reinforcement learning and likelihood: Stable-Baselines3, RLlib.
    """
    reward ep_rew episode_reward episode_return episodic_return elbo log_likelihood loglik
    """,
)

LOWER = words(
    # Losses. A loss of an unknown kind is unknown: gain_loss and weight_loss are measured, not minimised.
    """
    loss log_loss logloss mlogloss binary_logloss multi_logloss cross_entropy crossentropy binary_crossentropy
    binary_cross_entropy bce categorical_crossentropy sparse_categorical_crossentropy cross_entropy_lambda
    nll nloglik neg_log_likelihood negative_log_likelihood poisson_nloglik gamma_nloglik cox_nloglik aft_nloglik
    tweedie_nloglik kullback_leibler kullback_leibler_divergence kldiv
    hinge squared_hinge categorical_hinge logcosh log_cosh
    hinge_loss zero_one_loss hamming_loss label_ranking_loss brier_score_loss mean_pinball_loss pinball_loss
    quantile_loss huber_loss smooth_l1_loss l1_loss l2_loss mse_loss mae_loss focal_loss dice_loss ce_loss bce_loss
    cross_entropy_loss nll_loss ctc_loss triplet_loss contrastive_loss mlm_loss lm_loss nsp_loss masked_lm_loss
    box_loss cls_loss dfl_loss obj_loss seg_loss classification_loss reconstruction_loss recon_loss total_loss
    """,
    # Errors.
    """
    mse mean_squared_error rmse root_mean_squared_error mae mean_absolute_error mape mean_absolute_percentage_error
    meansquarederror meanabsoluteerror smape symmetric_mean_absolute_percentage_error wmape wape mase medae
    median_absolute_error msle rmsle
    mean_squared_log_error root_mean_squared_log_error mean_squared_logarithmic_error nrmse nmae mphe max_error
    mean_poisson_deviance mean_gamma_deviance mean_tweedie_deviance gamma_deviance coverage_error crps
    error_rate classification_error misclassification_rate merror binary_error multi_error
    fpr fnr false_positive_rate false_negative_rate eer equal_error_rate
    brier brier_score ece expected_calibration_error calibration_error davies_bouldin_score
    """,
    # Text, speech, pictures, answers.
    """
    perplexity ppl bits_per_byte bpb bits_per_character bpc wer cer ter wil word_error_rate character_error_rate
    fid kid lpips hausdorff hausdorff_distance toxicity hallucination_rate failure_rate
    """,
)

# Scores that judges give, whose names say so only with an aggregation behind: correctness/mean, safety/v1/mean.
JUDGED = words(
    """
    correctness relevance safety guidelines expectations_guidelines equivalence fluency completeness
    conversation_completeness conversational_safety conversational_guidelines conversational_role_adherence
    knowledge_retention summarization tool_call_efficiency conversational_tool_call_efficiency coherence
    """,
)

# Names that mean a metric only beside the split they were measured on: valid_0-l2 of LightGBM, validation_0-error
# of XGBoost. Alone they may as well be the weight of a penalty or a signed mean.
ONLY_HELD_OUT = words("error err l1 l2 huber fair poisson gamma tweedie quantile")
