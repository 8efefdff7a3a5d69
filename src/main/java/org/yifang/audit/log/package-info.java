/// The Merkle log over the events: tiles, checkpoints, witnesses.
@org.jspecify.annotations.NullMarked
package org.yifang.audit.log;
