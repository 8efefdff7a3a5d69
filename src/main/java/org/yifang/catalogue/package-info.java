/// What is prescribed and sold: drugs with their codes, packs and units, substitution sets,
/// classes.
@org.jspecify.annotations.NullMarked
package org.yifang.catalogue;
