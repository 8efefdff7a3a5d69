/// Percentiles, intervals, index numbers, regression: pure mathematics that knows no framework, no
/// clock and no database.
@org.jspecify.annotations.NullMarked
package org.yifang.statistics;
