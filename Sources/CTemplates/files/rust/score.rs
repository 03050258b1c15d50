//! Removes the weights that are closest to zero.
//!
//! To make it yours, change `scores`: a higher score stays longer. If it needs more than the weights,
//! declare the signals in `DESCRIPTOR`. `src/workbench.rs` has what is used of the interface.

mod workbench;
use workbench::*;

/// What a strategy in use keeps from one call to the next.
#[derive(Default)]
struct Memory {}

/// One score for each position of the layer that may be pruned.
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
    summary: c"Removes the weights closest to zero.".as_ptr(),
    signals: bit(SIGNAL_PARAMETERS),
    ..UNDESCRIBED
};

const HOOKS: Strategy = Strategy { score: Some(score), ..Strategy::NONE };

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
