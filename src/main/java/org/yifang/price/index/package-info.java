/// Whether drugs got cheaper: sales checked and added up, the index, the rule, the words.
@org.jspecify.annotations.NullMarked
package org.yifang.price.index;
