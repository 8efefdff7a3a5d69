/// What a prescription costs, where, and how soon.
@org.jspecify.annotations.NullMarked
package org.yifang.price.compare;
