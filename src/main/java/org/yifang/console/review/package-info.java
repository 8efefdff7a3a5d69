/// The list of prescriptions that await review, one at a time.
@org.jspecify.annotations.NullMarked
package org.yifang.console.review;
