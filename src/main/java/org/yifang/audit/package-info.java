/// The audit log: one event per call, each a leaf of a Merkle tree that anyone can check without
/// trusting this server.
@org.jspecify.annotations.NullMarked
package org.yifang.audit;
