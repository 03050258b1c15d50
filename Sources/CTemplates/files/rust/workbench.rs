//! What this library uses of `workbench.h`, written out for Rust. The sizes are checked below.

#![allow(dead_code)]

use std::ffi::{c_char, c_void, CString};

pub type Status = i32;
pub const OK: Status = 0;
pub const FAILED: Status = 1;
pub const SKIPPED: Status = 4;

pub const SIGNAL_PARAMETERS: i32 = 0;
pub const SIGNAL_MASK: i32 = 1;
pub const EDIT_MASK_OFF: i32 = 0;
pub const EDIT_WIDEN: i32 = 4;
pub const FLAG_UNITS_GROWABLE: u32 = 8;
pub const COURSE_PRUNE: i32 = 0;
pub const COURSE_GROW: i32 = 1;

/// In `Descriptor::signals` and `Descriptor::edits`.
pub const fn bit(number: i32) -> u64 {
    1 << number
}

/// The size that a struct states of itself.
pub const fn size<T>() -> u32 {
    size_of::<T>() as u32
}

/// The network of a round.
#[repr(C)]
pub struct Model {
    private: [u8; 0],
}

#[repr(C)]
pub struct Layer {
    pub struct_size: u32,
    pub kind: i32,
    pub id: u64,
    pub block: u64,
    pub name: *const c_char,
    pub dims: [u32; 4],
    pub stride: [u32; 2],
    pub padding: [u32; 2],
    pub output_size: [u32; 2],
    pub flags: u32,
    pub reserved: u32,
    pub parameter_offset: u64,
    pub weight_count: u64,
    pub bias_count: u64,
    pub prunable_count: u64,
    pub unit_count: u64,
}

#[repr(C)]
pub struct Edge {
    pub struct_size: u32,
    pub reserved: u32,
    pub from: u64,
    pub to: u64,
    pub first: u64,
    pub area: u64,
}

#[repr(C)]
pub struct Reading {
    pub struct_size: u32,
    pub signal: i32,
    pub layer: u64,
    pub values: *const f32,
    pub count: u64,
    pub rows: u64,
    pub columns: u64,
}

#[repr(C)]
pub struct Edit {
    pub struct_size: u32,
    pub kind: i32,
    pub flags: u32,
    pub reserved: u32,
    pub target: u64,
    pub unit_count: u64,
    pub indices: *const u32,
    pub index_count: u64,
    pub values: *const f32,
    pub value_count: u64,
    pub layers: *const *const c_void,
    pub layer_count: u64,
}

#[repr(C)]
pub struct Counts {
    pub struct_size: u32,
    pub reserved: u32,
    pub weights: u64,
    pub parameters: u64,
    pub operations: u64,
}

#[repr(C)]
pub struct Step {
    pub struct_size: u32,
    pub flags: u32,
    pub index: u64,
    pub total: u64,
    pub learning_rate: f64,
    pub loss: f64,
}

#[repr(C)]
pub struct Round {
    pub struct_size: u32,
    pub index: u32,
    pub total: u32,
    pub reserved: u32,
    pub weights_goal: u64,
    pub loss: f64,
    pub now: *const Counts,
    pub step: *const Step,
}

#[repr(C)]
pub struct Period {
    pub struct_size: u32,
    pub index: u32,
    pub total: u32,
    pub reserved: u32,
    pub steps: u64,
    pub steps_per_epoch: u64,
    pub weights_goal: u64,
}

#[repr(C)]
pub struct PeriodControl {
    pub struct_size: u32,
    pub reserved: u32,
    pub update_every: u64,
    pub update_end: u64,
}

#[repr(C)]
pub struct Host {
    pub struct_size: usize,
    pub context: *mut c_void,
    pub abi_minor: u32,
    pub reserved: u32,
    pub version: *const c_char,
    pub memory_limit: u64,
    pub log: unsafe extern "C" fn(*const Host, i32, *const c_char),
    pub fail: unsafe extern "C" fn(*const Host, *const c_char) -> Status,
    pub layer_at: unsafe extern "C" fn(*const Host, *const Model, u32) -> *const Layer,
    pub block_at: unsafe extern "C" fn(*const Host, *const Model, u32) -> *const c_void,
    pub edge_at: unsafe extern "C" fn(*const Host, *const Model, u32) -> *const Edge,
    pub read: unsafe extern "C" fn(*const Host, *const Model, *mut Reading) -> Status,
    pub inverse_hessian: unsafe extern "C" fn(
        *const Host, *const Model, f64, *mut f64, u64, *mut f64,
    ) -> Status,
    pub emit: unsafe extern "C" fn(*const Host, *const Edit) -> Status,
    pub measure: unsafe extern "C" fn(*const Host, *const Model, *mut Counts) -> Status,
    pub predict: unsafe extern "C" fn(*const Host, f64) -> Status,
    pub random: unsafe extern "C" fn(*const Host, *mut f32, u64),
    pub query: unsafe extern "C" fn(*const Host, *const c_char) -> *const c_void,
}

pub type Score =
    unsafe extern "C" fn(*const Strategy, *const Model, u64, *mut f32, u64) -> Status;
pub type Propose = unsafe extern "C" fn(*const Strategy, *const Model, *const Round) -> Status;
pub type BeginPeriod = unsafe extern "C" fn(
    *const Strategy, *const Model, *const Period, *mut PeriodControl,
) -> Status;
pub type BeginStep =
    unsafe extern "C" fn(*const Strategy, *const Model, *const Step, *mut c_void) -> Status;
pub type EndStep =
    unsafe extern "C" fn(*const Strategy, *const Model, *const Step, *mut f32, u64) -> Status;

#[repr(C)]
pub struct Strategy {
    pub struct_size: usize,
    pub state: *mut c_void,
    pub destroy: Option<unsafe extern "C" fn(*const Strategy)>,
    pub score: Option<Score>,
    pub propose: Option<Propose>,
    pub begin_period: Option<BeginPeriod>,
    pub begin_step: Option<BeginStep>,
    pub end_step: Option<EndStep>,
    pub query: Option<unsafe extern "C" fn(*const Strategy, *const c_char) -> *const c_void>,
}

impl Strategy {
    /// A table of no hooks: name those that there are, and take the rest from here.
    pub const NONE: Strategy = Strategy {
        struct_size: size_of::<Strategy>(),
        state: std::ptr::null_mut(),
        destroy: None,
        score: None,
        propose: None,
        begin_period: None,
        begin_step: None,
        end_step: None,
        query: None,
    };
}

#[repr(C)]
pub struct Descriptor {
    pub struct_size: u32,
    pub flags: u32,
    pub id: *const c_char,
    pub name: *const c_char,
    pub summary: *const c_char,
    pub citation: *const c_char,
    pub version: *const c_char,
    pub signals: u64,
    pub edits: u64,
    pub granularity: i32,
    pub course: i32,
    pub options: *const *const c_void,
    pub option_count: u64,
}

#[repr(C)]
pub struct Plugin {
    pub abi_major: u32,
    pub min_host_minor: u32,
    pub struct_size: usize,
    pub state: *mut c_void,
    pub name: *const c_char,
    pub built_with: *const c_char,
    pub strategy_count: u32,
    pub reserved: u32,
    pub describe: unsafe extern "C" fn(*const Plugin, u32) -> *const Descriptor,
    pub create: unsafe extern "C" fn(
        *const Plugin, *const Host, *const c_char, *const c_void,
    ) -> *const Strategy,
}

// Both are never changed once they are there.
unsafe impl Sync for Descriptor {}
unsafe impl Sync for Plugin {}

const _: () = assert!(size::<Layer>() == 120 && size::<Edge>() == 40 && size::<Reading>() == 48);
const _: () = assert!(size::<Edit>() == 80 && size::<Counts>() == 32 && size::<Step>() == 40);
const _: () = assert!(size::<Round>() == 48 && size::<Period>() == 40);
const _: () = assert!(size::<PeriodControl>() == 24 && size::<Host>() == 136);
const _: () = assert!(size::<Strategy>() == 72 && size::<Descriptor>() == 88);
const _: () = assert!(size::<Plugin>() == 64);

/// What is asked of the host inside a callback; what it answers lives until the callback returns.
#[derive(Clone, Copy)]
pub struct View<'a> {
    host: &'a Host,
    model: *const Model,
}

impl<'a> View<'a> {
    /// # Safety
    /// Both pointers are those that the host gave, and the view does not outlive the callback.
    pub unsafe fn new(host: *const Host, model: *const Model) -> Self {
        View { host: &*host, model }
    }

    /// Says why the callback fails, and gives the status to be returned.
    pub fn fail(&self, text: &str, status: Status) -> Status {
        let text = CString::new(text).unwrap_or_default();
        unsafe { (self.host.fail)(self.host, text.as_ptr()) };
        status
    }

    pub fn layers(&self) -> Vec<&'a Layer> {
        let at = |i| unsafe { (self.host.layer_at)(self.host, self.model, i).as_ref() };
        (0..).map_while(at).collect()
    }

    pub fn edges(&self) -> Vec<&'a Edge> {
        let at = |i| unsafe { (self.host.edge_at)(self.host, self.model, i).as_ref() };
        (0..).map_while(at).collect()
    }

    /// Values of a layer: at least `count`.
    pub fn read(&self, signal: i32, layer: u64, count: u64) -> Result<&'a [f32], Status> {
        let mut reading = Reading {
            struct_size: size::<Reading>(),
            signal,
            layer,
            values: std::ptr::null(),
            count: 0,
            rows: 0,
            columns: 0,
        };
        let status = unsafe { (self.host.read)(self.host, self.model, &mut reading) };
        if status != OK {
            return Err(status);
        }
        if reading.count < count {
            return Err(self.fail("fewer values than positions", FAILED));
        }
        if count == 0 {
            return Ok(&[]);
        }
        Ok(unsafe { std::slice::from_raw_parts(reading.values, reading.count as usize) })
    }

    fn emit(&self, edit: &Edit) -> Result<(), Status> {
        match unsafe { (self.host.emit)(self.host, edit) } {
            OK => Ok(()),
            status => Err(status),
        }
    }

    pub fn mask_off(&self, layer: &Layer, positions: &[u32]) -> Result<(), Status> {
        self.emit(&Edit {
            indices: positions.as_ptr(),
            index_count: positions.len() as u64,
            ..Edit::new(EDIT_MASK_OFF, layer.id)
        })
    }

    pub fn widen(&self, layer: &Layer, units: u64, values: &[f32]) -> Result<(), Status> {
        self.emit(&Edit {
            unit_count: units,
            values: values.as_ptr(),
            value_count: values.len() as u64,
            ..Edit::new(EDIT_WIDEN, layer.id)
        })
    }

    /// Uniform values in [0, 1).
    pub fn random(&self, values: &mut [f32]) {
        unsafe { (self.host.random)(self.host, values.as_mut_ptr(), values.len() as u64) }
    }
}

impl Edit {
    pub fn new(kind: i32, target: u64) -> Edit {
        Edit {
            struct_size: size::<Edit>(),
            kind,
            flags: 0,
            reserved: 0,
            target,
            unit_count: 0,
            indices: std::ptr::null(),
            index_count: 0,
            values: std::ptr::null(),
            value_count: 0,
            layers: std::ptr::null(),
            layer_count: 0,
        }
    }
}
