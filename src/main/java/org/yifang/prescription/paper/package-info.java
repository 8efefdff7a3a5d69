/// What stands on a prescription's paper: its numbers, references, tokens and addresses, and its
/// document cut into resources.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.paper;
