/// The auditor's search and proofs.
@org.jspecify.annotations.NullMarked
package org.yifang.console.auditor;
