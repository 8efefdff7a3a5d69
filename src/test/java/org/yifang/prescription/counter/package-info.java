@org.jspecify.annotations.NullMarked
package org.yifang.prescription.counter;
