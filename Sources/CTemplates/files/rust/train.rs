//! Pulls all weights towards zero in training, and removes the smallest.
//!
//! After each step w becomes sign(w) max(0, |w| - learning rate * STRENGTH), the proximal step of an L1
//! penalty. To make it yours, change `after_step`; before a step there is `begin_step`, which sets gates
//! of residual blocks. `src/workbench.rs` has what is used of the interface.

mod workbench;
use workbench::*;

const STRENGTH: f64 = 1e-4;

/// What a strategy in use keeps from one call to the next.
#[derive(Default)]
struct Memory {}

/// After the optimiser: `parameters` are those of the whole network, and are there to be changed.
fn after_step(view: View, rate: f64, parameters: &mut [f32]) -> Result<(), Status> {
    let shrink = (STRENGTH * rate) as f32;
    for layer in view.layers() {
        let first = layer.parameter_offset as usize;
        let values = parameters.get_mut(first..first + layer.prunable_count as usize);
        let Some(values) = values else {
            return Err(view.fail("a layer lies outside of the parameters", FAILED));
        };
        for value in values {
            *value = (value.abs() - shrink).max(0.0).copysign(*value);
        }
    }
    Ok(())
}

/// One score for each position of the layer that may be pruned; a higher one stays longer.
fn scores(view: View, layer: u64, scores: &mut [f32]) -> Result<(), Status> {
    let weights = view.read(SIGNAL_PARAMETERS, layer, scores.len() as u64)?;
    for (score, weight) in scores.iter_mut().zip(weights) {
        *score = weight.abs();
    }
    Ok(())
}

static DESCRIPTOR: Descriptor = Descriptor {
    id: c"example-id".as_ptr(),
    name: c"Example name".as_ptr(),
    summary: c"Pulls weights towards zero in training, and removes the smallest.".as_ptr(),
    signals: bit(SIGNAL_PARAMETERS),
    ..UNDESCRIBED
};

const HOOKS: Strategy =
    Strategy { score: Some(score), end_step: Some(end_step), ..Strategy::NONE };

unsafe extern "C" fn end_step(
    this: *const Strategy, model: *const Model, step: *const Step, parameters: *mut f32, count: u64,
) -> Status {
    let rate = (*step).learning_rate;
    status(after_step(view(this, model), rate, slice(parameters, count)))
}

unsafe extern "C" fn score(
    this: *const Strategy, model: *const Model, layer: u64, values: *mut f32, count: u64,
) -> Status {
    status(scores(view(this, model), layer, slice(values, count)))
}

/// What the host lends to be written to; its pointer may be null where there is nothing.
unsafe fn slice<'a>(values: *mut f32, count: u64) -> &'a mut [f32] {
    match count {
        0 => &mut [],
        _ => std::slice::from_raw_parts_mut(values, count as usize),
    }
}
