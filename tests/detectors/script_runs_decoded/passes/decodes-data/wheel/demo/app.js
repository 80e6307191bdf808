const data = JSON.parse(atob(text));
model.eval(atob(text));
