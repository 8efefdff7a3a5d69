/// A submitted document: read, judged by the rules of the law, stored.
@org.jspecify.annotations.NullMarked
package org.yifang.prescription.submit;
