package org.yifang.tools;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds the methods that are longer than a screen, as the compiler's own parser sees them: from
/// the opening brace to the closing one.
public final class LongMethods {
    /// @param method its type and name, with how many lines it has
    public record Found(Path file, String method, long lines) {}

    public static List<Found> longerThan(long most, List<Path> files) throws IOException {
        List<Found> found = new ArrayList<>();
        ParsedSources.each(
                files,
                (unit, positions) -> new Scanner(unit, positions, most, found).scan(unit, null));
        return found;
    }

    private static final class Scanner extends TreePathScanner<Void, @Nullable Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final long most;
        private final List<Found> found;

        Scanner(CompilationUnitTree unit, SourcePositions positions, long most, List<Found> found) {
            this.unit = unit;
            this.positions = positions;
            this.most = most;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, @Nullable Void nothing) {
            if (method.getBody() != null) {
                LineMap lines = unit.getLineMap();
                long begin =
                        lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long end = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                if (end - begin + 1 > most) {
                    Path file = Path.of(unit.getSourceFile().toUri());
                    found.add(new Found(file, method.getName().toString(), end - begin + 1));
                }
            }
            return super.visitMethod(method, null);
        }
    }

    private LongMethods() {}
}
