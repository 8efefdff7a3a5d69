package org.yifang.simulate;

/// One product of the catalogue, as far as a hospital or a pharmacy needs it.
///
/// @param code its number (`nhsa-drug`)
/// @param name the generic name
/// @param set what products have in common that may stand for one another
/// @param kind `western` or `chinese-patent`
/// @param unit what quantities are counted in: 片
/// @param packFactor how many of them are in a pack
record Drug(String code, String name, String set, String kind, String unit, int packFactor) {}
