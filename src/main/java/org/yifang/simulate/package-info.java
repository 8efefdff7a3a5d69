/// A county's day and the load benchmark: an outside system that knows the service by its public
/// HTTP interface only.
@org.jspecify.annotations.NullMarked
package org.yifang.simulate;
