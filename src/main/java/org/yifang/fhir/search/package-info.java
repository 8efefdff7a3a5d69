/// Search: parameters, values, pages, and what they become in SQL.
@org.jspecify.annotations.NullMarked
package org.yifang.fhir.search;
