package org.yifang.simulate;

import java.util.ArrayList;
import java.util.List;

/// A small catalogue that has every drug of the casebook, in two packs.
final class Products {
    static Shelf shelf() {
        List<Drug> drugs = new ArrayList<>();
        int number = 1;
        for (String name : Casebook.drugNames()) {
            drugs.add(drug(name, number++, 7));
            drugs.add(drug(name, number++, 10));
        }
        return new Shelf(drugs);
    }

    private static Drug drug(String name, int number, int packFactor) {
        String code = "XA01AAA001A00101010%04d".formatted(number);
        return new Drug(code, name, name, "western", "片", packFactor);
    }

    private Products() {}
}
