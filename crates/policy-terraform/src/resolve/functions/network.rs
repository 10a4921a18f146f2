//! Functions of address prefixes.

use super::arguments::{Call, Outcome};
use super::function::Function;
use super::prefix::Prefix;
use crate::resolve::value::List;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(2, "cidrhost", |call| {
        let (prefix, number) = (Prefix::parse(&call.string(0)?)?, call.integer(1)?);
        Ok(call.made_string(prefix.host(number)?))
    }),
    Function::exactly(1, "cidrnetmask", |call| {
        Ok(call.made_string(Prefix::parse(&call.string(0)?)?.netmask()?))
    }),
    Function::exactly(3, "cidrsubnet", |call| {
        let prefix = Prefix::parse(&call.string(0)?)?;
        let number =
            u128::try_from(call.integer(2)?).map_err(|_| "the number of a subnet must not be negative")?;
        Ok(call.made_string(prefix.subnet(bits(call, 1)?, number)?.to_string()))
    }),
    Function::at_least(1, "cidrsubnets", |call| {
        let prefix = Prefix::parse(&call.string(0)?)?;
        let bits: Vec<u32> =
            (1..call.arguments.len()).map(|index| bits(call, index)).collect::<Outcome<_>>()?;
        let items =
            prefix.subnets(&bits)?.into_iter().map(|subnet| call.made_string(subnet.to_string())).collect();
        Ok(call.made_list(List { items, ..List::default() }))
    }),
];

fn bits(call: &Call<'_>, index: usize) -> Outcome<u32> {
    u32::try_from(call.integer(index)?).map_err(|_| "the number of new bits is out of range".into())
}
