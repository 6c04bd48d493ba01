import { Field, InputType } from "type-graphql";
import { DateScalar } from "../graphql/scalars/date";
import { DateTimeScalar } from "../graphql/scalars/date-time";

@InputType({ description: "A span of time: from is included, before is not. One left out is open." })
export class DateTimeRange {
  @Field(() => DateTimeScalar, { nullable: true, description: "The first instant that is in." })
  from?: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: "The first instant that is not in any more." })
  before?: Date;
}

@InputType({ description: "A span of days: from is included, before is not. One left out is open." })
export class DateRange {
  @Field(() => DateScalar, { nullable: true, description: "The first day that is in." })
  from?: string;

  @Field(() => DateScalar, { nullable: true, description: "The first day that is not in any more." })
  before?: string;
}
