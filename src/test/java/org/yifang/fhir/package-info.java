/// Tests of FHIR as such, through a real server over two small tables.
package org.yifang.fhir;
