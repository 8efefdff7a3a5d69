/// Bulk Data exports: asked for once, written piece by piece, fetched when done.
@NullMarked
package org.yifang.export;

import org.jspecify.annotations.NullMarked;
