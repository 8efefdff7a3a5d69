/// Offers fetched from the pharmacies at their addresses.
@org.jspecify.annotations.NullMarked
package org.yifang.price.feed;
