/// The suitability review: its rules, and what waits for it.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.review;
