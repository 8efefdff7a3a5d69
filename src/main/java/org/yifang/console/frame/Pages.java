package org.yifang.console.frame;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;

/// What all pages have in common.
final class Pages {
    static TemplateEngine engine() {
        return TemplateEngine.createPrecompiled(
                null, ContentType.Html, null, "org.yifang.console.pages");
    }

    private Pages() {}
}
