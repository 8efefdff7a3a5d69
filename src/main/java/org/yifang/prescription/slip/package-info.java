/// The pick-up slip, as picture and as PDF.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.slip;
