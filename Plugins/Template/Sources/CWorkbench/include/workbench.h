/* The strategy interface of the workbench: what a library exports to compete, and what it may ask.

   A strategy scores the parameters of a network and proposes where to prune or grow it. The host
   trains, collects what the strategy declared that it reads, checks and applies what it proposes,
   and measures. A library exports one function, wb_plugin_v1, which returns a table of strategies.

   Rules that hold for everything below (Documentation/abi.md has them with who enforces them):
   - Every struct that crosses begins with struct_size and is reached by a pointer, also inside
     others and in arrays, so that each can grow. Fields are only ever appended; a reader tests with
     WB_HAS that a field lies inside the size the other side stated.
   - Nothing allocated on one side is freed on the other. What the host gives lives until the
     callback in which it was given returns; the host copies what it is handed.
   - An instance is called by one thread at a time; different instances may run at once. The host is
     called from that thread, inside the callback; host->log alone from any. No thread of a library
     outlives a callback.
   - A failure is a non-zero status after host->fail(text).
   - A value of an open set (signal, edit, layer kind) that the other side does not know is answered
     WB_UNSUPPORTED.

   How to read it. All is there since version 1.0, but for what says "since 1.1" or "since 1.2". Texts are UTF-8 and end
   with a 0. Matrices are row-major. Counts are of things, sizes of bytes. "Reserved" fields are 0 and not
   looked at. A struct_size is the sizeof of the struct in the header that the side which fills it was
   built with. */
#ifndef WORKBENCH_H
#define WORKBENCH_H

#include <stddef.h>
#include <stdint.h>

/* What Swift is told: pointers are there unless WB_NULLABLE is said of them, and tables may be used from
   any thread. Nothing in C. */
#if defined(__clang__)
#define WB_BEGIN _Pragma("clang assume_nonnull begin")
#define WB_END _Pragma("clang assume_nonnull end")
#define WB_SENDABLE __attribute__((swift_attr("@Sendable")))
#define WB_NULLABLE _Nullable
#else
#define WB_BEGIN
#define WB_END
#define WB_SENDABLE
#define WB_NULLABLE
#endif
/** Of the one function that a library exports, whatever else it hides. */
#define WB_EXPORT __attribute__((visibility("default")))

/** The major version, which is in the entry's name too. */
#define WB_ABI_MAJOR ((uint32_t)1)
/** The minor version of this header. A plugin states in min_host_minor the lowest minor whose fields it
    uses, never this one for its own sake. */
#define WB_ABI_MINOR ((uint32_t)2)

/** True when the other side's struct reaches past the field: test it before a field newer than 1.0. */
#define WB_HAS(p, field) \
  ((p)->struct_size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field))

WB_BEGIN

/* ---- Status ------------------------------------------------------------------------------ */

/** How a call ended; open, and anything but WB_OK is a failure. */
typedef int32_t wb_status;
#define WB_OK ((wb_status)0)           /**< done */
#define WB_FAILED ((wb_status)1)       /**< after host->fail(text) */
#define WB_UNSUPPORTED ((wb_status)2)  /**< this side does not know what was asked */
#define WB_CANCELLED ((wb_status)3)    /**< from the host: the run is ending, return at once */
#define WB_SKIPPED ((wb_status)4)      /**< after host->fail(text): cannot act on this network */

/* ---- The network as a strategy sees it ----------------------------------------------------- */

/** What a layer computes; open. */
typedef int32_t wb_layer_kind;
#define WB_LAYER_DENSE ((wb_layer_kind)0)       /**< dims: outputs, inputs, 1, 1 */
#define WB_LAYER_CONVOLUTION ((wb_layer_kind)1) /**< dims: outputs, inputs, kernel height, width */
#define WB_LAYER_RELU ((wb_layer_kind)2)        /**< max(0, x); in wb_layer_spec only, no parameters */
#define WB_LAYER_TANH ((wb_layer_kind)3)        /**< in wb_layer_spec only, no parameters */
#define WB_LAYER_SIGMOID ((wb_layer_kind)4)     /**< 1 / (1 + exp(-x)); as the other two */
#define WB_LAYER_BATCH_NORM ((wb_layer_kind)5)  /**< in wb_layer_spec only; biases: a scale a unit, then
                                                     a shift a unit */

/* Bits of wb_layer.flags: what the host lets a strategy do to a layer, and what INSERT_AFTER finds. */
/** Its first prunable_count positions may be masked. */
#define WB_FLAG_WEIGHTS_PRUNABLE ((uint32_t)1)
/** REMOVE_UNITS may take its units. */
#define WB_FLAG_UNITS_REMOVABLE ((uint32_t)2)
/** REPLACE may put other layers in its place. */
#define WB_FLAG_REPLACEABLE ((uint32_t)4)
/** WIDEN may give it units. */
#define WB_FLAG_UNITS_GROWABLE ((uint32_t)8)
/** What is put behind the layer reads the values of a ReLU: of max(0, x) alone. */
#define WB_FLAG_RECTIFIED ((uint32_t)16)
/** A ReLU put behind the layer changes nothing, as there is one, or max pools alone lie before one. */
#define WB_FLAG_RECTIFIABLE ((uint32_t)32)

/** A layer with weights, as it is in this round; written by the host.

    Its parameters are one vector: the weights, row-major in the order of dims, then one bias a unit when
    bias_count is not 0. Positions in edits, scores and parameter-sized signals count along it. */
typedef struct wb_layer {
  uint32_t struct_size;      /**< of the host's wb_layer */
  wb_layer_kind kind;        /**< WB_LAYER_DENSE or WB_LAYER_CONVOLUTION, or one that is newer */
  uint64_t id;               /**< stable across edits and rounds, never reused, never 0 */
  uint64_t block;            /**< id of the residual block whose branch it lies in, or 0 */
  const char *name;          /**< its name in the network, such as fc1; until the callback returns */
  uint32_t dims[4];          /**< outputs, inputs, kernel height and width; 1 and 1 of a dense layer */
  uint32_t stride[2];        /**< from window to window, vertical and horizontal; 1, 1 for dense */
  uint32_t padding[2];       /**< zeros on each side, vertical and horizontal; 0, 0 for dense */
  uint32_t output_size[2];   /**< height and width of the map it produces; 1, 1 for dense */
  uint32_t flags, reserved;  /**< the WB_FLAG_ bits; reserved is 0 */
  uint64_t parameter_offset; /**< where its vector begins in the network's flat parameter vector */
  uint64_t weight_count, bias_count; /**< the product of dims; unit_count or 0. Masked ones count */
  uint64_t prunable_count;   /**< the leading part of its vector that may be masked; 0 without the flag */
  uint64_t unit_count;       /**< neurons of a dense layer, channels out of a convolution: dims[0] */
} wb_layer;

/** A residual block, skip + scale * branch, as it is in this round; written by the host. */
typedef struct wb_block {
  uint32_t struct_size, reserved; /**< of the host's wb_block; 0 */
  uint64_t id;               /**< stable across edits and rounds, never reused, never 0 */
  const char *name;          /**< its name in the network; until the callback returns */
  uint32_t index, count;     /**< its place among the blocks, from 0 at the input; how many there are */
  float scale;               /**< the factor of its branch at evaluation */
  uint32_t droppable;        /**< 1 when the skip alone has the right shape, else 0 */
  uint64_t weight_count;     /**< weights of the layers of its branch, masked ones too */
} wb_block;

/** That units of one layer are inputs of another, whatever lies between: activations, batch
    normalisation, pooling, flattening, residual sums, concatenation; written by the host.

    Unit u of `from` is the inputs first + u * area to first + u * area + area - 1 of `to`: channels where
    `to` is a convolution, features where it is dense. */
typedef struct wb_edge {
  uint32_t struct_size, reserved; /**< of the host's wb_edge; 0 */
  uint64_t from, to;         /**< ids of layers; to is 0 for the network's output */
  uint64_t first, area;      /**< first input of unit 0; inputs a unit, more than 1 behind flattening */
} wb_edge;

/** Something that the host measures for a strategy to read; open.

    Means are over the samples of the round: some training samples, the same ones for every strategy. At
    update points they are over the mini-batch that comes next, in the courses GROW and FREE over the
    samples of the rounds. Values are single precision. The loss is the one that is trained on. */
typedef int32_t wb_signal;
/* Of a layer, one value a position of its parameter vector: */
#define WB_SIGNAL_PARAMETERS ((wb_signal)0)        /**< the weights, then the biases */
#define WB_SIGNAL_MASK ((wb_signal)1)              /**< 1 live, 0 masked */
#define WB_SIGNAL_GRADIENT ((wb_signal)2)          /**< of the loss: mean, at masked positions too */
#define WB_SIGNAL_FISHER_DIAGONAL ((wb_signal)3)   /**< empirical: mean of squared gradients */
#define WB_SIGNAL_GAUSS_NEWTON_DIAGONAL ((wb_signal)4) /**< of the loss's Gauss-Newton matrix, exact */
#define WB_SIGNAL_LECUN_DIAGONAL ((wb_signal)5)    /**< LeCun, Denker & Solla's recursion */
/* Of a layer, one value a unit, over all samples and map positions, after the activation, or where
   none follows after the batch normalisation: */
#define WB_SIGNAL_ACTIVATION_ZERO_RATE ((wb_signal)6) /**< the share that is exactly 0, from 0 to 1 */
#define WB_SIGNAL_ACTIVATION_MEAN ((wb_signal)7)      /**< their mean */
#define WB_SIGNAL_ACTIVATION_VARIANCE ((wb_signal)8)  /**< their variance */
/** Of a layer, one value a unit: Gauss-Newton curvature of the loss in its pre-activation, mean over
    samples. */
#define WB_SIGNAL_OUTPUT_CURVATURE ((wb_signal)9)
/** Of a layer: the second moment E[x x'] of its inputs (patches of a convolution, with a last 1 for the
    bias when the layer has biases), a symmetric matrix of as many rows as a unit has parameters. */
#define WB_SIGNAL_INPUT_MOMENT ((wb_signal)10)
/** Of the network: the inverse of the Gauss-Newton matrix, through host->inverse_hessian. */
#define WB_SIGNAL_INVERSE_HESSIAN ((wb_signal)11)
/** Of a layer, one value a position, at update points: what momentum has gathered of the gradient, sum
    over past steps k of momentum^k g_k. At masked positions the g_k are those of the last 40
    mini-batches at the parameters as they are. */
#define WB_SIGNAL_MOMENTUM ((wb_signal)12)
/** Of a dense layer, a matrix of a row a sample: what goes into it, without the 1 for the bias. */
#define WB_SIGNAL_INPUTS ((wb_signal)13)
/** Of a dense layer, a matrix of a row a sample: the gradient of the sample's own loss in its
    pre-activations. */
#define WB_SIGNAL_OUTPUT_GRADIENTS ((wb_signal)14)
/** Of a layer whose units one other layer alone reads, with nothing between the two but activations,
    batch normalisation, concatenation and flattening: the gradient of the mean loss in a linear layer
    of zeros that leads past the units, from this layer's inputs to the reader's pre-activations. A
    matrix: a row for each output of the reader, in it for each input of this layer a kernel,
    row-major, whose height (and width) is stride * (reader's kernel - 1) + kernel; its stride is
    stride * reader's stride, its padding padding + stride * reader's padding, where "stride",
    "kernel" and "padding" are this layer's. Dense layers have kernels of 1, and a dense reader of a
    flattened map has a kernel of the map's size. Refused where there is no such layer, as behind
    pools. A unit that passes on what it gets, with weights p into it and q out of it, changes the loss
    to first order by the sum over i and j of q[i] p[j] times the value at stride * i + j: exactly
    where the reader has no padding, in which units are 0 and the linear layer reads on. */
#define WB_SIGNAL_BYPASS_GRADIENT ((wb_signal)15)
/** Of a layer, one value a position, since 1.2: H g, with the gradient g of the mean loss in all live
    parameters of the network, 0 at masked ones, and the exact Hessian H of the loss; at masked positions
    too. Both are means over the first 256 of the samples at most. */
#define WB_SIGNAL_HESSIAN_GRADIENT ((wb_signal)16)
/** Of a convolution, since 1.2, a matrix of a row a sample: the gradient of the sample's own loss in each
    position of the layer's vector, for the first 256 of the samples at most. That of a dense layer is
    OUTPUT_GRADIENTS times INPUTS. Refused where those of all convolutions, 12 bytes a value for host and
    strategy together, would not fit in the memory limit. */
#define WB_SIGNAL_SAMPLE_GRADIENTS ((wb_signal)17)
/** The bit of a signal in wb_descriptor.signals. */
#define WB_SIGNAL_BIT(signal) (((uint64_t)1) << (signal))

/** What is read: the strategy fills the fields down to `layer`, the host the others. */
typedef struct wb_reading {
  uint32_t struct_size;      /**< of the strategy's wb_reading */
  wb_signal signal;          /**< one of those that the descriptor declares */
  uint64_t layer;            /**< id of the layer it is of */
  const float *WB_NULLABLE values; /**< count values, read-only; until the callback returns */
  uint64_t count;            /**< rows * columns */
  uint64_t rows, columns;    /**< of a matrix, row-major; count and 1 of anything else */
} wb_reading;

/* ---- Edits: what a plan consists of -------------------------------------------------------- */

/** A kind of change to the network; open.

    Edits are applied in order; positions and units count in the layer as those before left it. Units
    that residual sums tie together go together, whichever of their layers is named. What says nothing of
    a field of wb_edit wants it 0 or null. */
typedef int32_t wb_edit_kind;
#define WB_EDIT_MASK_OFF ((wb_edit_kind)0)     /**< indices: positions; zero and kept at zero */
#define WB_EDIT_MASK_ON ((wb_edit_kind)1)      /**< indices, values (none: 0); training state reset */
#define WB_EDIT_SET_WEIGHTS ((wb_edit_kind)2)  /**< indices, or WB_EDIT_WHOLE; values: one a position */
#define WB_EDIT_REMOVE_UNITS ((wb_edit_kind)3) /**< indices: units; follows through the network. All of
                                                    a layer's only where it stands beside others in a
                                                    concatenation: then it goes (since 1.1) */
/** unit_count units behind those of a layer. values: of each new unit its row of weights and, where
    the layer has biases, its bias; then for each edge from the layer, in order of edge_at, the new
    columns of the layer it goes to, row-major: its outputs by unit_count * area (* kernel height *
    kernel width of a convolution). indices: none, or of each new unit the one it copies: then what
    residual sums tie to the layer copies the unit of that number, and so does batch normalisation.
    Fan-in and fan-out both 0 is refused: no gradient would ever reach such a unit. */
#define WB_EDIT_WIDEN ((wb_edit_kind)4)
#define WB_EDIT_REPLACE ((wb_edit_kind)5)      /**< layers: the sequence that takes its place */
#define WB_EDIT_INSERT_AFTER ((wb_edit_kind)6) /**< layers: behind the layer and its activation */
#define WB_EDIT_REMOVE_LAYER ((wb_edit_kind)7) /**< with its activation; shapes must agree */
#define WB_EDIT_SCALE_BLOCK ((wb_edit_kind)8)  /**< target: block; values[0]: its scale from now on */
#define WB_EDIT_DROP_BLOCK ((wb_edit_kind)9)   /**< target: block; its skip alone remains */
/** As INSERT_AFTER: a skip and these layers, whose last one is all 0, so that the block begins as its
    skip. target: a layer, or a block, behind which it comes then (since 1.1). */
#define WB_EDIT_INSERT_BLOCK ((wb_edit_kind)10)
#define WB_EDIT_FREEZE ((wb_edit_kind)11)      /**< indices, or WB_EDIT_WHOLE: positions that training
                                                    leaves alone */
#define WB_EDIT_THAW ((wb_edit_kind)12)        /**< indices, or WB_EDIT_WHOLE: trained again */
/** Units beside what a dense layer reads; since 1.1. layers: a dense layer over all inputs of the
    target and, if wanted, an activation. The target reads the units behind its present inputs: values:
    its new columns, row-major, its outputs by the units; none: 0. All else stays, and the next units put
    there read these, too. Fan-in and fan-out both 0 is refused. The flag WB_EDIT_FROZEN freezes the new
    layer, which has no id yet that FREEZE could name. */
#define WB_EDIT_INSERT_BESIDE ((wb_edit_kind)13)
/** The bit of a kind in wb_descriptor.edits. */
#define WB_EDIT_BIT(kind) (((uint64_t)1) << (kind))

/* Bits of wb_edit.flags. */
/** All of the layer's positions are meant and no indices are given. Without it no indices are none. */
#define WB_EDIT_WHOLE ((uint32_t)1)
/** Of INSERT_BESIDE, since 1.1: training leaves the new layer's weights and biases alone, until THAW. The
    target's new columns are trained. */
#define WB_EDIT_FROZEN ((uint32_t)2)

/** A layer to be put in; written by the strategy and copied by the host in emit, arrays too. */
typedef struct wb_layer_spec {
  uint32_t struct_size;      /**< of the strategy's wb_layer_spec */
  wb_layer_kind kind;        /**< any of the WB_LAYER_ values */
  uint32_t dims[4];          /**< as those of wb_layer; all 0 of what has no weights */
  uint32_t stride[2];        /**< vertical and horizontal, at least 1; 1, 1 of all but a convolution */
  uint32_t padding[2];       /**< vertical and horizontal; 0, 0 of all but a convolution */
  const float *WB_NULLABLE weights; /**< row-major in the order of dims; null where there are none */
  uint64_t weight_count;     /**< the product of dims */
  const float *WB_NULLABLE biases; /**< one an output; of BATCH_NORM scales, then shifts; or null */
  uint64_t bias_count;       /**< dims[0] or 0; of BATCH_NORM twice the units */
} wb_layer_spec;

/** One change of a plan; written by the strategy and copied by the host in emit, arrays too. */
typedef struct wb_edit {
  uint32_t struct_size;      /**< of the strategy's wb_edit */
  wb_edit_kind kind;         /**< one of those that the descriptor declares */
  uint32_t flags, reserved;  /**< WB_EDIT_WHOLE, WB_EDIT_FROZEN or 0; reserved is 0 */
  uint64_t target;           /**< id of a layer or a block */
  uint64_t unit_count;       /**< of WIDEN: how many units come */
  const uint32_t *WB_NULLABLE indices; /**< positions or units, by the kind, each once */
  uint64_t index_count;      /**< how many indices there are */
  const float *WB_NULLABLE values; /**< finite; what they are is the kind's */
  uint64_t value_count;      /**< how many values there are */
  const wb_layer_spec *WB_NULLABLE const *WB_NULLABLE layers; /**< what comes, from the input on */
  uint64_t layer_count;      /**< how many layers there are */
} wb_edit;

/* ---- What the host gives -------------------------------------------------------------------- */

/** The host's table of functions; each instance has its own. */
typedef struct wb_host wb_host;
/** The network of this round; opaque, and of no use once the callback has returned. */
typedef struct wb_model wb_model;

/** How large the network is, or would be; written by the host. */
typedef struct wb_counts {
  uint32_t struct_size, reserved; /**< of the strategy's wb_counts in measure, else of the host's; 0 */
  uint64_t weights;    /**< live prunable parameters: what budgets count */
  uint64_t parameters; /**< all live ones, biases and normalisation too */
  uint64_t operations; /**< of one forward pass of one sample, a multiply-add as 2 */
} wb_counts;

/** How much a line of the log matters. */
typedef int32_t wb_log_level;
#define WB_LOG_INFO ((wb_log_level)0)    /**< kept with the result */
#define WB_LOG_WARNING ((wb_log_level)1) /**< kept with the result, marked as a warning */

/** Keeps a line with the result: the board's notes, or at update points the timeline of a run. Of long
    lines the beginning is kept, and so it is of many. */
typedef void wb_log_fn(const wb_host *host, wb_log_level level, const char *text);
/** Says why the callback that runs fails; the text is copied. Returns WB_FAILED, which the callback may
    return in turn; one that skips returns WB_SKIPPED after it. */
typedef wb_status wb_fail_fn(const wb_host *host, const char *text);
/** The layers with weights by their places from the input on, from 0; null past the end. Until the
    callback returns. */
typedef const wb_layer *WB_NULLABLE wb_layer_at_fn(
    const wb_host *host, const wb_model *model, uint32_t index);
/** The residual blocks by their places from the input on, from 0; null past the end. Until the callback
    returns. */
typedef const wb_block *WB_NULLABLE wb_block_at_fn(
    const wb_host *host, const wb_model *model, uint32_t index);
/** All edges between layers, from 0, each once; null past the end. Until the callback returns. */
typedef const wb_edge *WB_NULLABLE wb_edge_at_fn(
    const wb_host *host, const wb_model *model, uint32_t index);
/** Reads a signal of a layer. WB_UNSUPPORTED for one that this host does not know; WB_FAILED for one that
    was not declared, is not there now or not of this layer. */
typedef wb_status wb_read_fn(const wb_host *host, const wb_model *model, wb_reading *reading);
/** The dense inverse of H + damping * mean(diag H) * I over the live prunable parameters in flat
    order, by the recursion of outer products over samples and outputs; `used_damping` gets the
    factor that was needed (raised tenfold until finite). out holds count values, count = n * n. Host
    and strategy together hold 24 * n * n bytes meanwhile. */
typedef wb_status wb_inverse_hessian_fn(
    const wb_host *host, const wb_model *model, double damping, double *out, uint64_t count,
    double *used_damping);
/** Adds an edit to this round's plan, in propose alone; the host copies it. */
typedef wb_status wb_emit_fn(const wb_host *host, const wb_edit *edit);
/** What the network would count with the edits emitted so far applied. */
typedef wb_status wb_measure_fn(const wb_host *host, const wb_model *model, wb_counts *out);
/** How much the strategy expects this round's plan to change the training loss, negative where it falls;
    finite; in propose. It is kept beside what came of it, and never decides anything. */
typedef wb_status wb_predict_fn(const wb_host *host, double loss_change);
/** count uniform values in [0, 1) from this cell's stream: the one source of chance. */
typedef void wb_random_fn(const wb_host *host, float *out, uint64_t count);
/** Further tables by versioned id, e.g. WB_LINEAR_ALGEBRA_1; null for an unknown id. They live as long as
    the host's table. */
typedef const void *WB_NULLABLE wb_query_fn(const wb_host *host, const char *id);

/** What a strategy may ask. It is valid from create until destroy returns, and its functions are called
    from inside a callback only. */
struct WB_SENDABLE wb_host {
  size_t struct_size;              /**< of the host's wb_host */
  void *WB_NULLABLE context;       /**< the host's own */
  uint32_t abi_minor, reserved;    /**< the host's WB_ABI_MINOR; 0 */
  const char *version;             /**< the host in words; as long as the table */
  /** Bytes a strategy may take in addition, 0 = not limited. It says whether a strategy can run, and must
      not choose what it computes: where a user sets no limit it is what the machine has. Told to readers
      of the inverse Hessian and of sample gradients alone; others get 0. */
  uint64_t memory_limit;
  wb_log_fn *log;                  /**< keeps a line; from any thread */
  wb_fail_fn *fail;                /**< says why a callback fails */
  wb_layer_at_fn *layer_at;        /**< lists layers; not in create */
  wb_block_at_fn *block_at;        /**< lists residual blocks; not in create */
  wb_edge_at_fn *edge_at;          /**< lists which units are which inputs; not in create */
  wb_read_fn *read;                /**< reads a signal; in score and propose, and in end_step, where
                                        there are PARAMETERS and MASK alone */
  wb_inverse_hessian_fn *inverse_hessian; /**< the dense inverse; in score and propose */
  wb_emit_fn *emit;                /**< adds to the plan; in propose */
  wb_measure_fn *measure;          /**< counts what the plan leaves; in score and propose */
  wb_predict_fn *predict;          /**< states an expectation; in propose */
  wb_random_fn *random;            /**< draws; in every callback */
  wb_query_fn *query;              /**< finds further tables; in every callback */
};

/* Double-precision algebra on row-major matrices, so that a second-order strategy need not bring
   its own. Each returns WB_FAILED, without text, where the operation has no result. Arrays are the
   caller's and do not overlap. */
/** The id of wb_linear_algebra. */
#define WB_LINEAR_ALGEBRA_1 "wb.linear-algebra/1"
/** c (m x n) = alpha * op(a) op(b) + beta * c; op transposes where the flag is not 0; k inner. */
typedef wb_status wb_multiply_fn(
    int32_t transpose_a, int32_t transpose_b, uint64_t m, uint64_t n, uint64_t k, double alpha,
    const double *a, const double *b, double beta, double *c);
/** a (n x n, leading dimension `stride`) += alpha x x', both triangles. */
typedef wb_status wb_rank_one_fn(uint64_t n, double alpha, const double *x, double *a, uint64_t stride);
/** a (n x n, symmetric positive definite) becomes its inverse. */
typedef wb_status wb_invert_fn(uint64_t n, double *a);
/** a (m x n) = u (m x r) diag(s) v' (r x n), r = min(m, n), s falling; a is overwritten. */
typedef wb_status wb_svd_fn(
    uint64_t m, uint64_t n, double *a, double *u, double *s, double *v_transposed);
/** x (n x k) minimises |a x - b|, a (m x n), b (m x k); minimum norm where rank-deficient. */
typedef wb_status wb_least_squares_fn(
    uint64_t m, uint64_t n, uint64_t k, const double *a, const double *b, double *x);
/** The table behind WB_LINEAR_ALGEBRA_1. */
typedef struct WB_SENDABLE wb_linear_algebra {
  size_t struct_size;                 /**< of the host's wb_linear_algebra */
  wb_multiply_fn *multiply;           /**< the product of two matrices */
  wb_rank_one_fn *rank_one;           /**< a rank-one update */
  wb_invert_fn *invert;               /**< the inverse of a definite matrix */
  wb_svd_fn *svd;                     /**< the singular values and vectors */
  wb_least_squares_fn *least_squares; /**< the best solution of a linear system */
} wb_linear_algebra;

/* The network with the edits emitted so far applied, for strategies that change it in steps and
   measure in between. As the functions of wb_host, which go on telling of the network as it was
   before the first edit. WB_FAILED where the plan so far cannot be applied; a layer that it removed
   is unknown. */
/** The id of wb_planned. */
#define WB_PLANNED_1 "wb.planned/1"
/** The mean loss on the samples that signals are computed over. */
typedef wb_status wb_loss_fn(const wb_host *host, const wb_model *model, double *out);
/** Takes the last `count` edits of the plan so far back, to try others. */
typedef wb_status wb_retract_fn(const wb_host *host, uint64_t count);
/** The table behind WB_PLANNED_1; its functions are called in propose. */
typedef struct WB_SENDABLE wb_planned {
  size_t struct_size;     /**< of the host's wb_planned */
  wb_read_fn *read;       /**< as wb_host's, of the planned network */
  wb_inverse_hessian_fn *inverse_hessian; /**< as wb_host's, of the planned network */
  wb_loss_fn *loss;       /**< since 1.1: the planned network's loss */
  wb_retract_fn *retract; /**< since 1.1: makes the plan shorter */
} wb_planned;

/* ---- What a strategy is ---------------------------------------------------------------------- */

/** One mini-batch of a training period; written by the host, until the callback returns. */
typedef struct wb_step {
  uint32_t struct_size, flags; /**< of the host's wb_step; 0 */
  uint64_t index, total;       /**< its place in this training period, from 0; how many it has */
  double learning_rate, loss;  /**< the optimiser's; the mean loss of the previous mini-batch */
} wb_step;

/** One call of propose; written by the host, until the callback returns.

    Rounds lie between training periods; a strategy that asked for update points
    has some inside them, too. There masks may move, layers grow and shrink as in any plan; the
    learning rate and the optimiser's state go on, and what is new begins without a past. There
    signals are measured on the mini-batch that comes next, in the courses that grow from the seed
    network on the samples of the rounds. */
typedef struct wb_round {
  /** The size of the host's wb_round; the round's place among all, from 0, and how many there are: of the
      periods; at an update point the period's; 0. */
  uint32_t struct_size, index, total, reserved;
  uint64_t weights_goal; /**< live prunable parameters to leave, which may be more than there are */
  double loss;           /**< mean training loss on the samples the signals are computed over */
  const wb_counts *now;  /**< the network as it is; until the callback returns */
  const wb_step *WB_NULLABLE step; /**< at an update point the step that comes next, else null */
} wb_round;

/** A training period about to begin; written by the host, until the callback returns. */
typedef struct wb_period {
  /** The size of the host's wb_period; its place among the periods of this run, from 0; how many there
      are; 0. */
  uint32_t struct_size, index, total, reserved;
  uint64_t steps, steps_per_epoch; /**< mini-batches; those of one pass over the training samples */
  uint64_t weights_goal; /**< of the round before it */
} wb_period;

/** Written by begin_period into the host's memory: propose is called before every update_every-th step,
    but for the first, up to step update_end. */
typedef struct wb_period_control {
  uint32_t struct_size, reserved; /**< of the host's wb_period_control; 0 */
  /** In mini-batches. 0 on entry: not at all, and to the end of the period. */
  uint64_t update_every, update_end;
} wb_period_control;

/** Written by begin_step into the host's memory. */
typedef struct wb_step_control {
  uint32_t struct_size, reserved; /**< of the host's wb_step_control; 0 */
  float *WB_NULLABLE gates; /**< of blocks in this mini-batch, as block_at lists them: from 0, which skips
                                 one, to 1; 1 on entry; any other value is refused */
  uint64_t gate_count;      /**< how many blocks there are */
} wb_step_control;

/** How a strategy moves through sizes; open. All are shown as many samples before a point at a budget. */
typedef int32_t wb_course;
/** From the trained dense network through falling budgets: one run visits all of them. */
#define WB_COURSE_PRUNE ((wb_course)0)
/** From the benchmark's small seed network, untrained, up to the budget: a run a budget. */
#define WB_COURSE_GROW ((wb_course)1)
/** From the untrained dense network, of which the first round leaves the budget: connections may
    move while it trains. A run a budget. */
#define WB_COURSE_SPARSE ((wb_course)2)
/** From the seed network; the dense network's size is a ceiling, and the strategy decides. One run. */
#define WB_COURSE_FREE ((wb_course)3)

/** What a score belongs to; open. */
typedef int32_t wb_granularity;
#define WB_WEIGHTS ((wb_granularity)0) /**< each of a layer's prunable_count positions */
#define WB_UNITS ((wb_granularity)1)   /**< each of a layer's units, which go whole */
#define WB_BLOCKS ((wb_granularity)2)  /**< each residual block of the network */

/** A strategy at work: one instance for each cell. */
typedef struct wb_strategy wb_strategy;
/** Frees the instance and its table; the last call on it. */
typedef void wb_destroy_fn(const wb_strategy *self);
/** Writes count scores. Higher = worth more, comparable across layers unless the descriptor says
    WB_SCORES_LOCAL. target is the id of a layer. WB_WEIGHTS: one score for each of its prunable_count
    positions. WB_UNITS: one a unit. WB_BLOCKS: target is 0 and the scores are one a block. Finite, and
    pure: no edits, no change of state. */
typedef wb_status wb_score_fn(
    const wb_strategy *self, const wb_model *model, uint64_t target, float *scores, uint64_t count);
/** Emits the edits of a round. A plan is applied as a whole or not at all. */
typedef wb_status wb_propose_fn(
    const wb_strategy *self, const wb_model *model, const wb_round *round);
/** Once a training period, before its first step. The model's structure may be listed. */
typedef wb_status wb_begin_period_fn(
    const wb_strategy *self, const wb_model *model, const wb_period *period,
    wb_period_control *control);
/** Once a mini-batch, before the forward pass. */
typedef wb_status wb_begin_step_fn(
    const wb_strategy *self, const wb_model *model, const wb_step *step, wb_step_control *control);
/** After the optimiser, with the flat parameter vector of count values to change; masked positions return
    to 0. */
typedef wb_status wb_end_step_fn(
    const wb_strategy *self, const wb_model *model, const wb_step *step, float *parameters,
    uint64_t count);
/** Further tables of the strategy by versioned id; null for an unknown one. The host asks for none yet. */
typedef const void *WB_NULLABLE wb_strategy_query_fn(const wb_strategy *self, const char *id);

/** The table of an instance; from create until destroy. A hook that is null is never called.

    propose null: the host prunes the lowest scores, of the descriptor's granularity, to the goal.
    score and propose both null: a control, or a strategy that acts in training only. */
struct WB_SENDABLE wb_strategy {
  size_t struct_size;                            /**< of the library's wb_strategy */
  void *WB_NULLABLE state;                       /**< the library's own */
  wb_destroy_fn *destroy;                        /**< called once */
  wb_score_fn *WB_NULLABLE score;                /**< in rounds between training periods */
  wb_propose_fn *WB_NULLABLE propose;            /**< there, and at update points */
  wb_begin_period_fn *WB_NULLABLE begin_period;  /**< asks for update points */
  wb_begin_step_fn *WB_NULLABLE begin_step;      /**< sets the gates of residual blocks */
  wb_end_step_fn *WB_NULLABLE end_step;          /**< changes parameters */
  wb_strategy_query_fn *WB_NULLABLE query;       /**< finds further tables */
};

/** What values an option takes; open. */
typedef int32_t wb_option_kind;
#define WB_OPTION_NUMBER ((wb_option_kind)0) /**< from minimum to maximum */
#define WB_OPTION_CHOICE ((wb_option_kind)1) /**< its value is the index into choices */
#define WB_OPTION_TEXT ((wb_option_kind)2)   /**< any text */
/** Something that a user may set, `id[name=value]`; written by the library, as long as its table. */
typedef struct WB_SENDABLE wb_option {
  uint32_t struct_size;                      /**< of the library's wb_option */
  wb_option_kind kind;                       /**< what values it takes */
  const char *name, *summary;                /**< letters, digits, '-', '_' and '.'; one sentence */
  double initial, minimum, maximum;          /**< of numbers; of a choice, the index in initial */
  const char *WB_NULLABLE initial_text;      /**< of texts; null means empty */
  const char *WB_NULLABLE const *WB_NULLABLE choices; /**< the words of a choice; else null */
  uint64_t choice_count;                     /**< how many words there are */
} wb_option;
/** One value for every declared option, in order; written by the host, until create returns. */
typedef struct wb_option_values {
  uint32_t struct_size, count;               /**< of the host's wb_option_values; as many as declared */
  const double *WB_NULLABLE numbers;         /**< of numbers, and the index of choices; null for none */
  const char *WB_NULLABLE const *WB_NULLABLE texts; /**< of texts; null for none */
} wb_option_values;

/* Bits of wb_descriptor.flags. */
/** Scores rank within a layer: the host prunes every layer by the same share. */
#define WB_SCORES_LOCAL ((uint32_t)1)
/** It is not run on networks without a convolution. */
#define WB_NEEDS_CONVOLUTIONS ((uint32_t)2)
/** It is not run on networks without a residual block. */
#define WB_NEEDS_BLOCKS ((uint32_t)4)
/** Scores of weights are the rises of the mean training loss that their removal is expected to cost: the
    host adds up those of what it prunes, and holds the sum against what came of it. */
#define WB_SCORES_LOSS ((uint32_t)8)

/** What is known of a strategy before there is an instance; written by the library, as long as its
    table, and the same at each call. */
typedef struct WB_SENDABLE wb_descriptor {
  uint32_t struct_size, flags; /**< of the library's wb_descriptor; WB_SCORES_…, WB_NEEDS_… */
  const char *id;      /**< what a user types: at most 64 lower case letters, digits, '-' and '.' */
  const char *name, *summary, *citation, *version; /**< on the board; one sentence; where the method was
                                                        published; of this implementation. Not empty */
  uint64_t signals;    /**< WB_SIGNAL_BIT of each signal it reads; a read of another is refused */
  uint64_t edits;      /**< WB_EDIT_BIT of each edit it emits; another is refused */
  wb_granularity granularity; /**< of its scores */
  wb_course course;    /**< how it moves through sizes */
  const wb_option *WB_NULLABLE const *WB_NULLABLE options; /**< pointers to options; null for none */
  uint64_t option_count; /**< how many options there are */
} wb_descriptor;

/** A library's table of strategies. */
typedef struct wb_plugin wb_plugin;
/** The strategies by their places, from 0; null past the end. */
typedef const wb_descriptor *WB_NULLABLE wb_describe_fn(const wb_plugin *self, uint32_t index);
/** A new instance of the strategy with this id; instances share no state. The model may not be read yet.
    Null after host->fail(text), also for an unknown id. */
typedef const wb_strategy *WB_NULLABLE wb_create_fn(
    const wb_plugin *self, const wb_host *host, const char *id, const wb_option_values *options);

/** What the entry returns; it lives as long as the process, and never changes. */
struct WB_SENDABLE wb_plugin {
  uint32_t abi_major, min_host_minor; /**< WB_ABI_MAJOR; the lowest minor whose fields it needs */
  size_t struct_size;                 /**< of the library's wb_plugin */
  void *WB_NULLABLE state;            /**< the library's own */
  const char *name, *built_with;      /**< the library's, in messages; language and kit, in words */
  uint32_t strategy_count, reserved;  /**< how many strategies it has, at least 1; 0 */
  wb_describe_fn *describe;           /**< tells of a strategy */
  wb_create_fn *create;               /**< makes one */
};

/** The type of the entry. */
typedef const wb_plugin *wb_plugin_entry_fn(void);
#ifdef __cplusplus
extern "C"
#endif
/** The one exported symbol. The same pointer at each call. A new major is a new symbol. */
WB_EXPORT const wb_plugin *wb_plugin_v1(void);

WB_END
#endif
