/// At the counter: claim, dispense, take back.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.counter;
