import { expect, test } from "vitest";
import { guessWeights, ordinaryWeight, purchaseTypes } from "./event-weights.ts";

const names: readonly (readonly [number, readonly string[]])[] = [
  [
    1,
    [
      "view",
      "click",
      "impression",
      "page_view",
      "pageview",
      "detail",
      "product-detail",
      "VIEW ",
      "pv",
      "rating",
    ],
  ],
  [
    2,
    [
      "like",
      "favourite",
      "favorite",
      "add_to_favorites",
      "wishlist",
      "addToWishlist",
      "save",
      "bookmark",
      "fav",
    ],
  ],
  [
    3,
    ["cart", "add-to-cart", "addToCart", "ADD_TO_CART", "add to basket", "basket", "Product Added To Cart"],
  ],
  [5, ["buy", "Buy", "buy ", "purchase", "order", "transaction", "checkout", "Order Completed", "bought"]],
  [0, ["remove", "remove_from_cart", "removeFromCart", "return", "refund", "dislike", "unlike", "delete"]],
];

test.each(names.flatMap(([weight, list]) => list.map((name) => [name, weight] as const)))(
  "%j weighs %d",
  (name, weight) => {
    expect(ordinaryWeight(name)).toBe(weight);
  },
);

test.each(["newsletter", "1", "returning", "orderly", "", "日本"])("%j is not known", (name) => {
  expect(ordinaryWeight(name)).toBeUndefined();
});

test("unknown names weigh 1; types that would all be dropped weigh 1 too", () => {
  expect(guessWeights(["buy", "newsletter", "return"])).toEqual({ buy: 5, newsletter: 1, return: 0 });
  expect(guessWeights(["return", "refund"])).toEqual({ return: 1, refund: 1 });
});

test("purchases by their names", () => {
  expect(purchaseTypes(["view", "Buy", "cart", "order"])).toEqual(["Buy", "order"]);
});
