//! Masks the smallest weights off itself, down to the goal of each round.
//!
//! To make it yours, change `plan`: it may emit any of the edits that the workbench has, and all of
//! them are applied or none. Declare signals and edits in `DESCRIPTOR`. `src/workbench.rs` has what is
//! used of the interface.

mod workbench;
use workbench::*;

/// What a strategy in use keeps from one call to the next.
#[derive(Default)]
struct Memory {}

fn plan(view: View, now: u64, goal: u64) -> Result<(), Status> {
    let layers = view.layers();
    // Of each live weight its size, the place of its layer, and its position there.
    let mut live: Vec<(f32, usize, u32)> = Vec::new();
    for (place, layer) in layers.iter().enumerate() {
        let values = view.read(SIGNAL_PARAMETERS, layer.id, layer.prunable_count)?;
        let mask = view.read(SIGNAL_MASK, layer.id, layer.prunable_count)?;
        for position in 0..layer.prunable_count as usize {
            if mask[position] != 0.0 {
                live.push((values[position].abs(), place, position as u32));
            }
        }
    }
    live.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    live.truncate(now.saturating_sub(goal) as usize);
    for (place, layer) in layers.iter().enumerate() {
        let going: Vec<u32> = live.iter().filter(|w| w.1 == place).map(|w| w.2).collect();
        if !going.is_empty() {
            view.mask_off(layer, &going)?;
        }
    }
    Ok(())
}

static DESCRIPTOR: Descriptor = Descriptor {
    id: c"example-id".as_ptr(),
    name: c"Example name".as_ptr(),
    summary: c"Masks the weights closest to zero.".as_ptr(),
    signals: bit(SIGNAL_PARAMETERS) | bit(SIGNAL_MASK),
    edits: bit(EDIT_MASK_OFF),
    ..UNDESCRIBED
};

const HOOKS: Strategy = Strategy { propose: Some(propose), ..Strategy::NONE };

unsafe extern "C" fn propose(
    this: *const Strategy, model: *const Model, round: *const Round,
) -> Status {
    let round = &*round;
    status(plan(view(this, model), (*round.now).weights, round.weights_goal))
}
