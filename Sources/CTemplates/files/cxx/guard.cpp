
// ---- The library --------------------------------------------------------------------------------

// No exception may reach the host.
template <class Call>
wb_status guarded(const wb_strategy *self, Call call) {
  Strategy &me = *static_cast<Strategy *>(self->state);
  try {
    return call(me);
  } catch (const std::exception &error) {
    return me.host->fail(me.host, error.what());
  }
}

