export const orders = () => fetch("/orders").then((answer) => answer.json());
export const stock = () => fetch("/stock").then((answer) => answer.json());
