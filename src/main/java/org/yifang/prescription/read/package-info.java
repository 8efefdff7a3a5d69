/// What may be read of a prescription: its resources and its document.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.read;
