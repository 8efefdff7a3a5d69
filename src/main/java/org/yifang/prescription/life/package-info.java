/// The states of a prescription, the rules that lead from one to the next, and their one desk and
/// store.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.life;
