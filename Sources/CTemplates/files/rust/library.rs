
// ---- The library ------------------------------------------------------------------------------

/// A strategy in use: the table that the host calls, the host, and the memory.
struct Entrant {
    table: Strategy,
    host: *const Host,
    #[allow(dead_code)]
    memory: Memory,
}

const UNDESCRIBED: Descriptor = Descriptor {
    struct_size: size::<Descriptor>(),
    flags: 0,
    id: c"".as_ptr(),
    name: c"".as_ptr(),
    summary: c"".as_ptr(),
    citation: c"unpublished".as_ptr(),
    version: c"1.0".as_ptr(),
    signals: 0,
    edits: 0,
    granularity: 0,
    course: COURSE_PRUNE,
    options: std::ptr::null(),
    option_count: 0,
};

unsafe fn view<'a>(this: *const Strategy, model: *const Model) -> View<'a> {
    View::new((*((*this).state as *const Entrant)).host, model)
}

fn status(result: Result<(), Status>) -> Status {
    result.err().unwrap_or(OK)
}

unsafe extern "C" fn describe(_: *const Plugin, index: u32) -> *const Descriptor {
    if index == 0 { &DESCRIPTOR } else { std::ptr::null() }
}

unsafe extern "C" fn create(
    _: *const Plugin, host: *const Host, id: *const std::ffi::c_char, _: *const std::ffi::c_void,
) -> *const Strategy {
    if std::ffi::CStr::from_ptr(id) != std::ffi::CStr::from_ptr(DESCRIPTOR.id) {
        ((*host).fail)(host, c"unknown id".as_ptr());
        return std::ptr::null();
    }
    let entrant = Box::into_raw(Box::new(Entrant { table: HOOKS, host, memory: Memory::default() }));
    (*entrant).table.state = entrant.cast();
    (*entrant).table.destroy = Some(destroy);
    &(*entrant).table
}

unsafe extern "C" fn destroy(this: *const Strategy) {
    drop(Box::from_raw((*this).state as *mut Entrant));
}

static PLUGIN: Plugin = Plugin {
    abi_major: 1,
    min_host_minor: 0,
    struct_size: size_of::<Plugin>(),
    state: std::ptr::null_mut(),
    name: c"example-id".as_ptr(),
    built_with: c"Rust".as_ptr(),
    strategy_count: 1,
    reserved: 0,
    describe,
    create,
};

/// The one function that the library exports.
#[no_mangle]
pub extern "C" fn wb_plugin_v1() -> *const Plugin {
    &PLUGIN
}
