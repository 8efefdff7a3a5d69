/// FHIR R4 as such: parse, validate, encode, route, search, page, answer. Knows no prescription.
@org.jspecify.annotations.NullMarked
package org.yifang.fhir;
