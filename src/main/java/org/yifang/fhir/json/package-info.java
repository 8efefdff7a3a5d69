/// JSON as FHIR wants it: strict reading, the tree, small writers.
@org.jspecify.annotations.NullMarked
package org.yifang.fhir.json;
