/// The price board of the bureau.
@org.jspecify.annotations.NullMarked
package org.yifang.price.board;
