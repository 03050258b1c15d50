//! Widens a small network in stages, by units with small random weights into them and none out of
//! them, so that what the network computes stays as it is.
//!
//! To make it yours, change what `plan` chooses: which layer, how many units, which weights. Layers
//! whose units a residual sum adds to those of others are left as they are. `src/workbench.rs` has what
//! is used of the interface.

mod workbench;
use workbench::*;

/// How often each layer grows, and the share of training in which it does.
const STAGES: u64 = 8;
const UNTIL: f64 = 0.5;

/// What a strategy in use keeps from one call to the next.
#[derive(Default)]
struct Memory {
    /// Turns that are done, each of one layer.
    turns: u64,
    /// Weights before the first.
    weights: u64,
}

fn growing<'a>(view: View<'a>) -> Vec<&'a Layer> {
    let edges = view.edges();
    let tied = |id| {
        edges.iter().filter(|own| own.from == id).any(|own| {
            edges.iter().any(|e| e.from != id && e.to == own.to && e.first == own.first)
        })
    };
    let mut layers = view.layers();
    layers.retain(|layer| layer.flags & FLAG_UNITS_GROWABLE != 0 && !tied(layer.id));
    layers
}

/// Weights out of one unit of a layer.
fn fan_out(view: View, layer: &Layer) -> u64 {
    let layers = view.layers();
    let weights = |edge: &&Edge| {
        let reader = layers.iter().find(|reader| reader.id == edge.to)?;
        let [outputs, _, height, width] = reader.dims.map(u64::from);
        Some(edge.area * outputs * height * width)
    };
    view.edges().iter().filter(|edge| edge.from == layer.id).filter_map(weights).sum()
}

/// Before training: how many mini-batches lie between updates, and the last update.
fn updates(view: View, memory: &mut Memory, steps: u64) -> Result<(u64, u64), Status> {
    memory.turns = 0;
    let turns = STAGES * growing(view).len() as u64;
    if turns == 0 {
        return Err(view.fail("no layer can grow", SKIPPED));
    }
    let every = ((UNTIL * steps as f64) as u64 / turns).max(1);
    Ok((every, every * turns))
}

fn plan(
    view: View, memory: &mut Memory, now: u64, goal: u64, in_training: bool,
) -> Result<(), Status> {
    if now > goal {
        return Err(view.fail("the network has more weights than the goal", SKIPPED));
    }
    let layers = growing(view);
    let count = layers.len() as u64;
    if !in_training || count == 0 {
        return Ok(());
    }
    if memory.turns == 0 {
        memory.weights = now;
    }
    let (stage, turn) = (memory.turns / count + 1, memory.turns % count);
    memory.turns += 1;
    // What this stage may reach, shared by the layers whose turn is still to come.
    let start = memory.weights.min(goal);
    let target = if stage < STAGES { start + (goal - start) * stage / STAGES } else { goal };
    let layer = layers[turn as usize];
    let (fan_in, fan_out) = (layer.weight_count / layer.unit_count, fan_out(view, layer));
    let cost = fan_in + fan_out + u64::from(layer.prunable_count > layer.weight_count);
    let units = target.saturating_sub(now) / (count - turn) / cost;
    if units == 0 {
        return Ok(());
    }
    // Of each unit its weights and, where the layer has some, its bias; then what leads out.
    let row = fan_in + u64::from(layer.bias_count > 0);
    let mut values = vec![0.0; (units * (row + fan_out)) as usize];
    let rows = &mut values[..(units * row) as usize];
    view.random(rows);
    let bound = 1.0 / (fan_in as f32).sqrt();
    for (place, value) in rows.iter_mut().enumerate() {
        let is_weight = (place as u64) % row < fan_in;
        *value = if is_weight { (2.0 * *value - 1.0) * bound } else { 0.0 };
    }
    view.widen(layer, units, &values)
}

static DESCRIPTOR: Descriptor = Descriptor {
    id: c"example-id".as_ptr(),
    name: c"Example name".as_ptr(),
    summary: c"Adds units with small random weights.".as_ptr(),
    edits: bit(EDIT_WIDEN),
    course: COURSE_GROW,
    ..UNDESCRIBED
};

const HOOKS: Strategy =
    Strategy { propose: Some(propose), begin_period: Some(begin_period), ..Strategy::NONE };

unsafe extern "C" fn begin_period(
    this: *const Strategy, model: *const Model, period: *const Period,
    control: *mut PeriodControl,
) -> Status {
    let answer = updates(view(this, model), memory(this), (*period).steps);
    status(answer.map(|(every, end)| {
        (*control).update_every = every;
        (*control).update_end = end;
    }))
}

unsafe extern "C" fn propose(
    this: *const Strategy, model: *const Model, round: *const Round,
) -> Status {
    let round = &*round;
    let (now, goal) = ((*round.now).weights, round.weights_goal);
    status(plan(view(this, model), memory(this), now, goal, !round.step.is_null()))
}

/// A strategy is called by one thread at a time.
unsafe fn memory<'a>(this: *const Strategy) -> &'a mut Memory {
    &mut (*((*this).state as *mut Entrant)).memory
}
