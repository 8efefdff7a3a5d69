/// The life of a prescription: submit, review, choose, claim, dispense, take back, cancel, expire.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription;
