package org.yifang.tools;

import org.yifang.prescription.life.StatesPage;

import java.io.IOException;

/// Writes every page and file anew that is made from the code: `mvn test-compile exec:exec@pages`.
public final class WritePages {
    public static void main(String[] none) throws IOException {
        ProblemsPage.main(none);
        AuditOperations.main(none);
        OperationsPage.main(none);
        StatesPage.main(none);
        Snapshots.main(none);
    }

    private WritePages() {}
}
