package org.yifang.simulate;

import io.vertx.core.buffer.Buffer;

/// A prescription that the service has accepted.
///
/// @param number the hospital's number
/// @param original the document, byte for byte as it was sent
/// @param task the id of its Task
/// @param code the pick-up code
record Rx(String number, Buffer original, String task, String code) {}
