import { expect, test } from "vitest";
import { listCandidates, type Role, roles } from "./roles.ts";

/** Headers of real exports and published datasets, and which column is what. */
const exports: readonly (readonly [string, string, Partial<Record<Role, string>>])[] = [
  [
    "MovieLens",
    "userId,movieId,rating,timestamp",
    { user: "userId", item: "movieId", rating: "rating", time: "timestamp" },
  ],
  [
    "RetailRocket",
    "timestamp,visitorid,event,itemid,transactionid",
    { user: "visitorid", item: "itemid", time: "timestamp", type: "event" },
  ],
  [
    "a cosmetics shop",
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session",
    { user: "user_id", item: "product_id", time: "event_time", type: "event_type" },
  ],
  [
    "product reviews, 2014",
    "reviewerID,asin,reviewerName,helpful,reviewText,overall,summary,unixReviewTime,reviewTime",
    { user: "reviewerID", item: "asin", rating: "overall", time: "unixReviewTime" },
  ],
  [
    "product reviews, 2023",
    "user_id,parent_asin,asin,rating,timestamp,history",
    { user: "user_id", item: "parent_asin", rating: "rating", time: "timestamp" },
  ],
  ["Book-Crossing", "User-ID,ISBN,Book-Rating", { user: "User-ID", item: "ISBN", rating: "Book-Rating" }],
  [
    "online retail",
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    { user: "CustomerID", item: "StockCode", time: "InvoiceDate" },
  ],
  [
    "a supermarket",
    "TRANSACTION_DT,CUSTOMER_ID,AGE_GROUP,PIN_CODE,PRODUCT_SUBCLASS,PRODUCT_ID,AMOUNT",
    { user: "CUSTOMER_ID", item: "PRODUCT_ID", time: "TRANSACTION_DT" },
  ],
  [
    "articles",
    "t_dat,customer_id,article_id,price,sales_channel_id",
    { user: "customer_id", item: "article_id" },
  ],
  ["listens", "userID,artistID,weight", { user: "userID", item: "artistID" }],
  [
    "an analytics export",
    "Client ID,Content ID,Event Name,Event Timestamp",
    { user: "Client ID", item: "Content ID", type: "Event Name", time: "Event Timestamp" },
  ],
  [
    "a shop's database",
    "customer,product,ordered_at",
    { user: "customer", item: "product", time: "ordered_at" },
  ],
  [
    "sku",
    "accountId,sku,purchasedAt,action",
    { user: "accountId", item: "sku", time: "purchasedAt", type: "action" },
  ],
  ["behaviour", "uid,item,behaviour,ts", { user: "uid", item: "item", type: "behaviour", time: "ts" }],
  [
    "variants",
    "member_no,variant_id,interaction,createdAt",
    { user: "member_no", item: "variant_id", type: "interaction", time: "createdAt" },
  ],
  [
    "sessions",
    "session id,timestamp,item id,category",
    { user: "session id", item: "item id", time: "timestamp" },
  ],
];

test.each(exports)("the columns of %s: %s", (_, header, expected) => {
  const columns = header.split(",");
  const found = Object.fromEntries(
    roles.flatMap((role) => {
      const [best] = listCandidates(role, columns);
      return best === undefined ? [] : [[role, best.column]];
    }),
  );
  expect(found).toEqual(expected);
});

test.each([
  "user_session_count",
  "item_price",
  "rating_count",
  "lifetime",
  "product_type",
  "event_id",
  "category",
])("%s plays no role", (column) => {
  for (const role of roles) expect(listCandidates(role, [column])).toEqual([]);
});
