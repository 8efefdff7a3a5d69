/// Offers and stock of the pharmacies: reading, holding, storing.
@org.jspecify.annotations.NullMarked
package org.yifang.price.offer;
