/// Offers and stock of the pharmacies, the comparison for one prescription, and the index that says
/// whether drugs really got cheaper.
@org.jspecify.annotations.NullMarked
package org.yifang.price;
