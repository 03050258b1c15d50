#include "templates.h"

/* Every file is read where it lies when this is compiled: there is no copy that could differ, and a
   change of one compiles this again. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char workbench_h[] = {
#embed "../CWorkbench/include/workbench.h"
};
static const unsigned char strategykit_cworkbench_swift[] = {
#embed "../StrategyKit/CWorkbench.swift"
};
static const unsigned char strategykit_errors_swift[] = {
#embed "../StrategyKit/Errors.swift"
};
static const unsigned char strategykit_export_swift[] = {
#embed "../StrategyKit/Export.swift"
};
static const unsigned char strategykit_growthschedule_swift[] = {
#embed "../StrategyKit/GrowthSchedule.swift"
};
static const unsigned char strategykit_instance_swift[] = {
#embed "../StrategyKit/Instance.swift"
};
static const unsigned char strategykit_layer_swift[] = {
#embed "../StrategyKit/Layer.swift"
};
static const unsigned char strategykit_linearalgebra_swift[] = {
#embed "../StrategyKit/LinearAlgebra.swift"
};
static const unsigned char strategykit_matrix_swift[] = {
#embed "../StrategyKit/Matrix.swift"
};
static const unsigned char strategykit_networkview_swift[] = {
#embed "../StrategyKit/NetworkView.swift"
};
static const unsigned char strategykit_newlayer_swift[] = {
#embed "../StrategyKit/NewLayer.swift"
};
static const unsigned char strategykit_options_swift[] = {
#embed "../StrategyKit/Options.swift"
};
static const unsigned char strategykit_plan_growth_swift[] = {
#embed "../StrategyKit/Plan+Growth.swift"
};
static const unsigned char strategykit_plan_reading_swift[] = {
#embed "../StrategyKit/Plan+Reading.swift"
};
static const unsigned char strategykit_plan_swift[] = {
#embed "../StrategyKit/Plan.swift"
};
static const unsigned char strategykit_round_swift[] = {
#embed "../StrategyKit/Round.swift"
};
static const unsigned char strategykit_signal_swift[] = {
#embed "../StrategyKit/Signal.swift"
};
static const unsigned char strategykit_sizestages_swift[] = {
#embed "../StrategyKit/SizeStages.swift"
};
static const unsigned char strategykit_strategy_swift[] = {
#embed "../StrategyKit/Strategy.swift"
};
static const unsigned char strategykit_strategyinfo_swift[] = {
#embed "../StrategyKit/StrategyInfo.swift"
};
static const unsigned char strategykit_widthmodel_swift[] = {
#embed "../StrategyKit/WidthModel.swift"
};
static const unsigned char swift_grow_swift[] = {
#embed "files/swift/grow.swift"
};
static const unsigned char swift_propose_swift[] = {
#embed "files/swift/propose.swift"
};
static const unsigned char swift_score_swift[] = {
#embed "files/swift/score.swift"
};
static const unsigned char swift_train_swift[] = {
#embed "files/swift/train.swift"
};
static const unsigned char c_grow_c[] = {
#embed "files/c/grow.c"
};
static const unsigned char c_library_c[] = {
#embed "files/c/library.c"
};
static const unsigned char c_propose_c[] = {
#embed "files/c/propose.c"
};
static const unsigned char c_score_c[] = {
#embed "files/c/score.c"
};
static const unsigned char c_train_c[] = {
#embed "files/c/train.c"
};
static const unsigned char cxx_grow_hooks_cpp[] = {
#embed "files/cxx/grow-hooks.cpp"
};
static const unsigned char cxx_grow_cpp[] = {
#embed "files/cxx/grow.cpp"
};
static const unsigned char cxx_guard_cpp[] = {
#embed "files/cxx/guard.cpp"
};
static const unsigned char cxx_head_cpp[] = {
#embed "files/cxx/head.cpp"
};
static const unsigned char cxx_library_cpp[] = {
#embed "files/cxx/library.cpp"
};
static const unsigned char cxx_propose_hooks_cpp[] = {
#embed "files/cxx/propose-hooks.cpp"
};
static const unsigned char cxx_propose_cpp[] = {
#embed "files/cxx/propose.cpp"
};
static const unsigned char cxx_score_hooks_cpp[] = {
#embed "files/cxx/score-hooks.cpp"
};
static const unsigned char cxx_score_cpp[] = {
#embed "files/cxx/score.cpp"
};
static const unsigned char cxx_train_hooks_cpp[] = {
#embed "files/cxx/train-hooks.cpp"
};
static const unsigned char cxx_train_cpp[] = {
#embed "files/cxx/train.cpp"
};
static const unsigned char rust_grow_rs[] = {
#embed "files/rust/grow.rs"
};
static const unsigned char rust_library_rs[] = {
#embed "files/rust/library.rs"
};
static const unsigned char rust_propose_rs[] = {
#embed "files/rust/propose.rs"
};
static const unsigned char rust_score_rs[] = {
#embed "files/rust/score.rs"
};
static const unsigned char rust_train_rs[] = {
#embed "files/rust/train.rs"
};
static const unsigned char rust_workbench_rs[] = {
#embed "files/rust/workbench.rs"
};

#define FILE_AT(path, bytes) {path, bytes, sizeof bytes}

static const struct template_file files[] = {
    FILE_AT("workbench.h", workbench_h),
    FILE_AT("StrategyKit/CWorkbench.swift", strategykit_cworkbench_swift),
    FILE_AT("StrategyKit/Errors.swift", strategykit_errors_swift),
    FILE_AT("StrategyKit/Export.swift", strategykit_export_swift),
    FILE_AT("StrategyKit/GrowthSchedule.swift", strategykit_growthschedule_swift),
    FILE_AT("StrategyKit/Instance.swift", strategykit_instance_swift),
    FILE_AT("StrategyKit/Layer.swift", strategykit_layer_swift),
    FILE_AT("StrategyKit/LinearAlgebra.swift", strategykit_linearalgebra_swift),
    FILE_AT("StrategyKit/Matrix.swift", strategykit_matrix_swift),
    FILE_AT("StrategyKit/NetworkView.swift", strategykit_networkview_swift),
    FILE_AT("StrategyKit/NewLayer.swift", strategykit_newlayer_swift),
    FILE_AT("StrategyKit/Options.swift", strategykit_options_swift),
    FILE_AT("StrategyKit/Plan+Growth.swift", strategykit_plan_growth_swift),
    FILE_AT("StrategyKit/Plan+Reading.swift", strategykit_plan_reading_swift),
    FILE_AT("StrategyKit/Plan.swift", strategykit_plan_swift),
    FILE_AT("StrategyKit/Round.swift", strategykit_round_swift),
    FILE_AT("StrategyKit/Signal.swift", strategykit_signal_swift),
    FILE_AT("StrategyKit/SizeStages.swift", strategykit_sizestages_swift),
    FILE_AT("StrategyKit/Strategy.swift", strategykit_strategy_swift),
    FILE_AT("StrategyKit/StrategyInfo.swift", strategykit_strategyinfo_swift),
    FILE_AT("StrategyKit/WidthModel.swift", strategykit_widthmodel_swift),
    FILE_AT("swift/grow.swift", swift_grow_swift),
    FILE_AT("swift/propose.swift", swift_propose_swift),
    FILE_AT("swift/score.swift", swift_score_swift),
    FILE_AT("swift/train.swift", swift_train_swift),
    FILE_AT("c/grow.c", c_grow_c),
    FILE_AT("c/library.c", c_library_c),
    FILE_AT("c/propose.c", c_propose_c),
    FILE_AT("c/score.c", c_score_c),
    FILE_AT("c/train.c", c_train_c),
    FILE_AT("cxx/grow-hooks.cpp", cxx_grow_hooks_cpp),
    FILE_AT("cxx/grow.cpp", cxx_grow_cpp),
    FILE_AT("cxx/guard.cpp", cxx_guard_cpp),
    FILE_AT("cxx/head.cpp", cxx_head_cpp),
    FILE_AT("cxx/library.cpp", cxx_library_cpp),
    FILE_AT("cxx/propose-hooks.cpp", cxx_propose_hooks_cpp),
    FILE_AT("cxx/propose.cpp", cxx_propose_cpp),
    FILE_AT("cxx/score-hooks.cpp", cxx_score_hooks_cpp),
    FILE_AT("cxx/score.cpp", cxx_score_cpp),
    FILE_AT("cxx/train-hooks.cpp", cxx_train_hooks_cpp),
    FILE_AT("cxx/train.cpp", cxx_train_cpp),
    FILE_AT("rust/grow.rs", rust_grow_rs),
    FILE_AT("rust/library.rs", rust_library_rs),
    FILE_AT("rust/propose.rs", rust_propose_rs),
    FILE_AT("rust/score.rs", rust_score_rs),
    FILE_AT("rust/train.rs", rust_train_rs),
    FILE_AT("rust/workbench.rs", rust_workbench_rs),
};

const struct template_file *template_file_at(size_t index) {
  return index < sizeof files / sizeof *files ? &files[index] : NULL;
}
