/* A plugin of a later major version only. */
__attribute__((visibility("default"))) const void *wb_plugin_v2(void) { return 0; }
