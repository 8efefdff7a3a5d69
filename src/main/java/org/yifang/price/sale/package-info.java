/// What was really sold, and at which price.
@org.jspecify.annotations.NullMarked
package org.yifang.price.sale;
